const MAX_SHOWN_LENGTH = 40;
const PLAIN_NAME = /^[A-Za-z_]\w{0,63}$/u;

/** Tags or a tag filter are not as they must be. Says where, what was expected, and what was there. */
export class TagSyntaxError extends Error {
  override readonly name = 'TagSyntaxError';
  /** `tag_filter[2].or[0].op`, `tags.color[1]`. */
  readonly path: string;

  constructor(path: string, expected: string, got: string) {
    super(`${path}: expected ${expected}, got ${got}`);
    this.path = path;
  }
}

/** The path of an object's member. */
export function memberPath(path: string, name: string): string {
  return PLAIN_NAME.test(name) ? `${path}.${name}` : `${path}[${shownText(name)}]`;
}

/** A JSON value in a few words. */
export function describeJson(value: unknown): string {
  if (typeof value === 'string') return shownText(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  return 'an object';
}

function shownText(text: string): string {
  return text.length > MAX_SHOWN_LENGTH
    ? `${JSON.stringify(text.slice(0, MAX_SHOWN_LENGTH))}…`
    : JSON.stringify(text);
}
