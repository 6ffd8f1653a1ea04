import { utf8Decode } from './utf8.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PADDING = 0x3d;

/** What a character code means: 0–63, or one of these. */
const SKIPPED = 64;
const INVALID = 65;

const DIGITS = Uint8Array.from(ALPHABET, (character) => character.charCodeAt(0));
const VALUES = createValues();

/** Standard Base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  const digits = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const bits = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    digits[at++] = DIGITS[bits >> 18]!;
    digits[at++] = DIGITS[(bits >> 12) & 63]!;
    digits[at++] = i + 1 < bytes.length ? DIGITS[(bits >> 6) & 63]! : PADDING;
    digits[at++] = i + 2 < bytes.length ? DIGITS[bits & 63]! : PADDING;
  }
  return utf8Decode(digits);
}

/**
 * The bytes of Base64 as clients really send it, or undefined if it is none.
 *
 * Accepted: a space for `+` (a form that was not percent-encoded), the URL-safe `-` and `_`, line
 * breaks and tabs anywhere, missing padding. Anything after the padding but white space is refused.
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  const end = digitsEnd(text);
  if (end === undefined) return undefined;
  let length = 0;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < end; i += 1) {
    const value = VALUES[text.charCodeAt(i)] ?? INVALID;
    if (value === INVALID) return undefined;
    if (value === SKIPPED) continue;
    bits = (bits << 6) | value;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes[length++] = bits >> held;
  }
  // Six bits left over are one digit alone: half a byte, so the text was cut.
  return held === 6 ? undefined : bytes.subarray(0, length);
}

/** Where the padding starts, or the text ends; undefined if something other than white space follows. */
function digitsEnd(text: string): number | undefined {
  const end = text.indexOf('=');
  if (end === -1) return text.length;
  const padding = text.slice(end).replaceAll(/\s/gu, '');
  return padding === '=' || padding === '==' ? end : undefined;
}

function createValues(): Uint8Array {
  const values = new Uint8Array(128).fill(INVALID);
  DIGITS.forEach((code, value) => {
    values[code] = value;
  });
  const aliases: Readonly<Record<string, number>> = { '-': 62, ' ': 62, _: 63 };
  for (const [character, value] of Object.entries(aliases)) values[character.charCodeAt(0)] = value;
  for (const character of '\r\n\t') values[character.charCodeAt(0)] = SKIPPED;
  return values;
}
