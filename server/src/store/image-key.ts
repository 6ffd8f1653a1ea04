/** What names a picture in its collection. Both texts may hold any character. */
export interface ImageKey {
  /** ProductId, or image_id. */
  readonly productId: string;
  /** PicName, or image_uri. */
  readonly picName: string;
}

/*
 * A key as one text, whose UTF-8 bytes order as (productId's bytes, picName's bytes) do:
 *
 *     text    = escaped(productId) U+0000 escaped(picName)
 *     escaped : U+0000 → U+0001 U+0001, U+0001 → U+0001 U+0002, everything else as it is
 *
 * The separator is below every escaped character, so that "a" comes before "a!" whatever follows.
 */
const SEPARATOR = '\u0000';
const ESCAPE = '\u0001';
const ESCAPED_SEPARATOR = '\u0001\u0001';
const ESCAPED_ESCAPE = '\u0001\u0002';

/** The key as one text: equal exactly for equal keys, its UTF-8 bytes ordered as the keys' are. */
export function formatImageKey({ productId, picName }: ImageKey): string {
  return `${escape(productId)}${SEPARATOR}${escape(picName)}`;
}

/** Reads what {@link formatImageKey} wrote. Throws `RangeError` for any other text. */
export function parseImageKey(text: string): ImageKey {
  const parts = text.split(SEPARATOR);
  const [productId, picName] = parts;
  if (parts.length !== 2 || productId === undefined || picName === undefined) {
    throw new RangeError('"text" expected one separator');
  }
  return { productId: unescape(productId), picName: unescape(picName) };
}

/** The key as it is stored: a lone surrogate, which UTF-8 cannot say, becomes U+FFFD. */
export function normalizeImageKey({ productId, picName }: ImageKey): ImageKey {
  return { productId: wellFormed(productId), picName: wellFormed(picName) };
}

function escape(id: string): string {
  return wellFormed(id).replaceAll(ESCAPE, ESCAPED_ESCAPE).replaceAll(SEPARATOR, ESCAPED_SEPARATOR);
}

/** Pairs are found where they were written, because an escape is never without its second character. */
function unescape(text: string): string {
  return text.replaceAll(ESCAPED_SEPARATOR, SEPARATOR).replaceAll(ESCAPED_ESCAPE, ESCAPE);
}

function wellFormed(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\uFFFD');
}
