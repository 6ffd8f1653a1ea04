import { toOperatorName } from '@likeness/shared/api';

/** `image_uri` → `imageUri`: how the SDK writes a field of the operator API. */
function fromOperatorName(name: string): string {
  return name.replaceAll(/_([a-z])/gu, (_match, letter: string) => letter.toUpperCase());
}

/** A request's fields under the operator API's names. Those that are undefined are left out. */
export function toOperatorFields(request: object): [name: string, value: unknown][] {
  return Object.entries(request)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => [toOperatorName(name), value]);
}

/** An answer with its fields as the SDK writes them, at any depth. The names of tags are their owner's, and stay. */
export function fromOperatorBody(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(fromOperatorBody);
  if (typeof body !== 'object' || body === null) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      fromOperatorName(name),
      name === 'tags' ? value : fromOperatorBody(value),
    ]),
  );
}
