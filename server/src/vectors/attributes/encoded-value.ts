/** What a row's value of a field is; 0 is no value. Three bits hold any of them. */
export const TAGS = {
  absent: 0,
  integer: 1,
  float: 2,
  text: 3,
  no: 4,
  yes: 5,
  list: 6,
  /** As prices are: a whole number over a power of ten. */
  decimal: 7,
} as const;

/**
 * A value as its column keeps it, mostly in a tag and a 32-bit word: an integer, the code of a text or a list, or a
 * decimal; any other number is a float64 in `word` and `high`.
 */
export interface EncodedValue {
  readonly tag: number;
  readonly word: number;
  readonly high: number;
}

/** Bits of a decimal's word that say how often it is to be divided by ten. */
const SCALE_BITS = 3;
const SCALE_MASK = 2 ** SCALE_BITS - 1;
/** What is left for the whole number. */
const MAX_MANTISSA = 2 ** (31 - SCALE_BITS) - 1;
const POWERS = Float64Array.from({ length: SCALE_MASK + 1 }, (_, scale) => 10 ** scale);

const FLOAT = new Float64Array(1);
const HALVES = new Int32Array(FLOAT.buffer);

export function encodeNumber(value: number): EncodedValue {
  if (value === (value | 0)) return { tag: TAGS.integer, word: value, high: 0 };
  for (let scale = 1; scale <= SCALE_MASK; scale += 1) {
    const power = POWERS[scale] ?? 1;
    const mantissa = Math.round(value * power);
    if (Math.abs(mantissa) > MAX_MANTISSA) break;
    if (mantissa / power === value)
      return { tag: TAGS.decimal, word: (mantissa << SCALE_BITS) | scale, high: 0 };
  }
  FLOAT[0] = value;
  return { tag: TAGS.float, word: HALVES[0] ?? 0, high: HALVES[1] ?? 0 };
}

export function decodeDecimal(word: number): number {
  return (word >> SCALE_BITS) / (POWERS[word & SCALE_MASK] ?? 1);
}

export function decodeFloat(word: number, high: number): number {
  HALVES[0] = word;
  HALVES[1] = high;
  return FLOAT[0] ?? Number.NaN;
}
