import type { RequestFields } from '../../actions/libraries/read-request.ts';

/** What the text of a query or of a form means where the field is no text. What is none stays text, and is refused. */
const READERS: ReadonlyMap<string, (text: string) => unknown> = new Map([
  ['page', readInteger],
  ['page_size', readInteger],
  ['thumbnail_width', readInteger],
  ['return_frame', readBoolean],
  ['save_image', readBoolean],
  ['tags', readJsonText],
]);

/** Fields of a query or a form, as they would stand in a JSON body. Empty ones are absent. */
export function readTextFields(pairs: Iterable<readonly [string, unknown]>): RequestFields {
  const fields = new Map<string, unknown>();
  for (const [name, value] of pairs) {
    if (value === '') continue;
    const read = READERS.get(name);
    const field = typeof value === 'string' && read !== undefined ? read(value) : value;
    // Sent twice it is a list, which no such field is.
    fields.set(name, fields.has(name) ? [fields.get(name), field] : field);
  }
  return Object.fromEntries(fields);
}

function readInteger(text: string): unknown {
  return /^-?\d{1,15}$/u.test(text) ? Number(text) : text;
}

function readBoolean(text: string): unknown {
  return text === 'true' || text === 'false' ? text === 'true' : text;
}

function readJsonText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
