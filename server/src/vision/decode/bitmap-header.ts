/** What a header tells before anything is decoded. */
export interface PictureHeader {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Whether transparency is meant; the fourth byte of many 32-bit BMP is just not used. */
  readonly hasAlpha: boolean;
}

/** Bits a pixel that BMP knows. */
const BMP_DEPTHS = new Set([1, 2, 4, 8, 16, 24, 32]);
/** Length of the oldest header, whose sizes are 16 bits wide. */
const BMP_CORE_HEADER = 12;
/** Length of the first header that has an alpha mask, and where that is. */
const BMP_ALPHA_HEADER = 56;
const BMP_ALPHA_MASK_AT = 66;
/** Longest number in a Netpbm header. */
const MAX_DIGITS = 10;
const MAX_SAMPLE = 65_535;

/**
 * Reads a BMP header; undefined when it makes no sense. Layout: `BM`, file size u32, 4 reserved, offset
 * of the pixels u32, then a header that begins with its own length u32; with length 12 follow width and
 * height u16, planes, depth u16, otherwise width and height i32 (a negative height means top-down).
 */
export function readBmpHeader(bytes: Uint8Array): PictureHeader | undefined {
  if (bytes.length < 30) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = view.getUint32(14, true);
  const isCore = headerLength === BMP_CORE_HEADER;
  if (!isCore && (headerLength < 16 || headerLength > 1024)) return undefined;
  const depth = view.getUint16(isCore ? 24 : 28, true);
  const widthPx = isCore ? view.getUint16(18, true) : view.getInt32(18, true);
  const heightPx = Math.abs(isCore ? view.getUint16(20, true) : view.getInt32(22, true));
  if (widthPx <= 0 || heightPx <= 0 || !BMP_DEPTHS.has(depth)) return undefined;
  return { widthPx, heightPx, hasAlpha: headerLength >= BMP_ALPHA_HEADER && hasAlphaMask(view) };
}

function hasAlphaMask(view: DataView): boolean {
  return view.byteLength >= BMP_ALPHA_MASK_AT + 4 && view.getUint32(BMP_ALPHA_MASK_AT, true) !== 0;
}

/**
 * Reads a Netpbm header (`P1`–`P6`); undefined when it makes no sense.
 *
 *     header = "P" digit gap width gap height [gap maximum] space     (no maximum in P1 and P4)
 *     gap    = (whitespace | "#" … end of line)+
 */
export function readNetpbmHeader(bytes: Uint8Array): PictureHeader | undefined {
  const kind = (bytes[1] ?? 0) - 0x30;
  const wanted = kind === 1 || kind === 4 ? 2 : 3;
  const numbers: number[] = [];
  let at = 2;
  while (numbers.length < wanted) {
    const start = skipGap(bytes, at);
    at = skipDigits(bytes, start);
    numbers.push(Number(String.fromCharCode(...bytes.subarray(start, at))));
  }
  const [widthPx = 0, heightPx = 0, maximum = 1] = numbers;
  const isSound = widthPx > 0 && heightPx > 0 && maximum > 0 && maximum <= MAX_SAMPLE;
  return isSound ? { widthPx, heightPx, hasAlpha: false } : undefined;
}

function skipGap(bytes: Uint8Array, start: number): number {
  let at = start;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x23) while (at + 1 < bytes.length && bytes[at] !== 0x0a) at += 1;
    else if (byte !== 0x20 && (byte < 0x09 || byte > 0x0d)) break;
  }
  return at;
}

function skipDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  for (; at < start + MAX_DIGITS; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < 0x30 || byte > 0x39) break;
  }
  return at;
}
