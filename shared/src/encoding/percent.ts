import { utf8Decode, utf8Encode } from './utf8.ts';

/** What RFC 3986 reserves and `encodeURIComponent` leaves as it is. */
const RESERVED_LEFT_RAW = /[!'()*]/gu;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * Percent-encodes as the vendor signs: RFC 3986, so that only `A–Z a–z 0–9 - _ . ~` stay.
 *
 * Half a surrogate pair becomes U+FFFD, as in UTF-8; nothing throws.
 */
export function percentEncode(text: string): string {
  return encodeComponent(text).replaceAll(
    RESERVED_LEFT_RAW,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Decodes `%XX` as UTF-8. A `%` that starts no escape stays; bytes that are no UTF-8 become U+FFFD. */
export function percentDecode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return decodeLeniently(text);
  }
}

function encodeComponent(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return encodeURIComponent(text.replaceAll(LONE_SURROGATE, '\uFFFD'));
  }
}

function decodeLeniently(text: string): string {
  const source = utf8Encode(text);
  const bytes = new Uint8Array(source.length);
  let length = 0;
  for (let i = 0; i < source.length; i += 1) {
    const value = source[i] === 0x25 ? escapedByte(source, i + 1) : undefined;
    bytes[length++] = value ?? source[i]!;
    if (value !== undefined) i += 2;
  }
  return utf8Decode(bytes.subarray(0, length));
}

/** The byte that two hexadecimal digits at `at` spell. */
function escapedByte(bytes: Uint8Array, at: number): number | undefined {
  const high = hexDigit(bytes[at]);
  const low = hexDigit(bytes[at + 1]);
  return high === undefined || low === undefined ? undefined : high * 16 + low;
}

function hexDigit(code: number | undefined): number | undefined {
  if (code === undefined) return undefined;
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : undefined;
}
