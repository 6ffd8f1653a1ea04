import { utf8Decoder, utf8Encoder } from './globals.ts';

/** The text's UTF-8 bytes; half a surrogate pair becomes U+FFFD. */
export function utf8Encode(text: string): Uint8Array<ArrayBuffer> {
  return utf8Encoder.encode(text);
}

/** The text of UTF-8 bytes; what is no UTF-8 becomes U+FFFD, a byte order mark is dropped. */
export function utf8Decode(bytes: Uint8Array): string {
  return utf8Decoder.decode(bytes);
}
