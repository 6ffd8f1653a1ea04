/** The text encodings of the wire, the same in Node and in browsers. */
export { decodeBase64, encodeBase64 } from './base64.ts';
export { compareCodePoints } from './code-points.ts';
export { formatForm, parseForm, type FormPairs } from './form.ts';
export { encodeHex } from './hex.ts';
export { normalizeText } from './normalize-text.ts';
export { percentDecode, percentEncode } from './percent.ts';
export { utf8Decode, utf8Encode } from './utf8.ts';
