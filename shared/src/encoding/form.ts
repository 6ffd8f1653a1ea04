import { percentDecode, percentEncode } from './percent.ts';

/** Names and values in the order they were sent; a name may come more than once. */
export type FormPairs = readonly (readonly [name: string, value: string])[];

/**
 * Reads `application/x-www-form-urlencoded` text, or a query string without its `?`.
 *
 * `+` is a space, `%XX` is UTF-8, a name without `=` has the value `''`, empty pieces are skipped.
 * Never throws: escapes that are broken stay as they are.
 */
export function parseForm(text: string): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (const piece of text.split('&')) {
    if (piece === '') continue;
    const equals = piece.indexOf('=');
    const name = equals === -1 ? piece : piece.slice(0, equals);
    const value = equals === -1 ? '' : piece.slice(equals + 1);
    pairs.push([decodePiece(name), decodePiece(value)]);
  }
  return pairs;
}

/** Writes a form body, or a query string without its `?`; a space is `%20`. */
export function formatForm(pairs: FormPairs): string {
  return pairs.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join('&');
}

function decodePiece(text: string): string {
  return percentDecode(text.includes('+') ? text.replaceAll('+', ' ') : text);
}
