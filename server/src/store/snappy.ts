import { LevelBytes } from './level-bytes.ts';

/*
 * Snappy (format_description.txt of google/snappy): the length of the text, then pieces. The low two bits
 * of a piece's first byte say what it is: 0 a literal, 1 to 3 a copy of what came before, with an offset of
 * 11, 16 or 32 bits.
 */
const LITERAL = 0;
const COPY_SHORT = 1;
const COPY_MIDDLE = 2;

/** Far above what LevelDB writes as one block. */
const MAX_BYTES = 64 * 1024 * 1024;

/** The text of a compressed block. Throws `RangeError` for what is none. */
export function decodeSnappy(compressed: Uint8Array): Buffer {
  const from = new LevelBytes(compressed);
  const length = from.varint();
  if (length > MAX_BYTES) throw new RangeError('a block of too many bytes');
  const to = Buffer.alloc(length);
  let end = 0;
  while (!from.isAtEnd) {
    const tag = from.byte();
    if ((tag & 3) === LITERAL) {
      const literal = from.take(literalLength(tag, from));
      if (end + literal.length > length) throw new RangeError('more than was promised');
      literal.copy(to, end);
      end += literal.length;
    } else {
      const copy = readCopy(tag, from);
      if (copy.offset === 0 || copy.offset > end || end + copy.length > length) {
        throw new RangeError('a copy of nothing');
      }
      // Byte by byte: a copy may reach into itself.
      for (const stop = end + copy.length; end < stop; end += 1)
        to[end] = to[end - copy.offset] ?? 0;
    }
  }
  if (end !== length) throw new RangeError('less than was promised');
  return to;
}

/** In the tag up to 60; else so many bytes of it follow. */
function literalLength(tag: number, from: LevelBytes): number {
  const short = tag >>> 2;
  if (short < 60) return short + 1;
  const bytes = from.take(short - 59);
  return bytes.readUIntLE(0, bytes.length) + 1;
}

function readCopy(
  tag: number,
  from: LevelBytes,
): { readonly offset: number; readonly length: number } {
  if ((tag & 3) === COPY_SHORT) {
    return { offset: ((tag >>> 5) << 8) | from.byte(), length: ((tag >>> 2) & 7) + 4 };
  }
  const length = (tag >>> 2) + 1;
  const isMiddle = (tag & 3) === COPY_MIDDLE;
  return { offset: isMiddle ? from.take(2).readUInt16LE() : from.uint32(), length };
}
