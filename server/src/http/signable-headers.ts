import type { SignableHeaders } from '@likeness/shared/signing';

/**
 * The headers as the client wrote and signed them, by lower-case name; several of one name as an array.
 *
 * Node reads header bytes as Latin-1; clients sign the text, which they send as UTF-8.
 *
 * @param rawHeaders names and values in turn
 */
export function signableHeaders(rawHeaders: readonly string[]): SignableHeaders {
  const headers: Record<string, string | string[]> = Object.create(null) as Record<string, never>;
  // Pushed, never copied: a head may repeat one name as often as it likes.
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase();
    const value = Buffer.from(rawHeaders[i + 1]!, 'latin1').toString('utf8');
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    else if (typeof before === 'string') headers[name] = [before, value];
    else before.push(value);
  }
  return headers;
}
