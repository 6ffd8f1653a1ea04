/** What a row's value of a field is; 0 is no value. Three bits hold any of them. */
export const TAGS = { absent: 0, number: 1, text: 2, list: 3, no: 4, yes: 5 } as const;

/** Whether a set of tags, a bit each, has one. */
export function hasKind(kinds: number, tag: number): boolean {
  return ((kinds >>> tag) & 1) === 1;
}

/** A value on its way to its column, or from it: a number's float64 halves, or the code of a text or a list in `word`. */
export interface EncodedValue {
  readonly tag: number;
  readonly word: number;
  readonly high: number;
}

/** Most decimal places of a number that a column keeps as a whole one. */
export const MAX_SCALE = 7;
const POWERS = Float64Array.from({ length: MAX_SCALE + 1 }, (_, scale) => 10 ** scale);

/** The upper half of a float64 that is not a number. Below it is a tag, in the lower half a word. */
const BOX = 0x7ff8_0000;
const BOXED_TAG = 7;

const FLOAT = new Float64Array(1);
const HALVES = new Int32Array(FLOAT.buffer);

export function encodeNumber(value: number): EncodedValue {
  FLOAT[0] = value;
  return { tag: TAGS.number, word: HALVES[0] ?? 0, high: HALVES[1] ?? 0 };
}

export function decodeNumber(word: number, high: number): number {
  HALVES[0] = word;
  HALVES[1] = high;
  return FLOAT[0] ?? Number.NaN;
}

/** The int32 that says how many times `10 ** -scale` a number is; undefined where none does exactly. */
export function toScaled(value: number, scale: number): number | undefined {
  const power = POWERS[scale] ?? 1;
  const word = Math.round(value * power);
  return word === (word | 0) && word / power === value ? word : undefined;
}

export function fromScaled(word: number, scale: number): number {
  return word / (POWERS[scale] ?? 1);
}

/** The smallest scale at which all of the numbers are int32; undefined if there is none. */
export function commonScale(values: readonly number[]): number | undefined {
  let scale = 0;
  for (const value of values)
    while (toScaled(value, scale) === undefined) {
      if (scale === MAX_SCALE) return undefined;
      scale += 1;
    }
  return values.every((value) => toScaled(value, scale) !== undefined) ? scale : undefined;
}

/** The upper half of the float64 that stands for a value; the lower is its word. */
export function boxHigh({ tag, high }: EncodedValue): number {
  return tag === TAGS.number ? high : BOX | tag;
}

/** The tag of a value by the upper half of its float64. */
export function boxedTag(high: number): number {
  return (high & BOX) === BOX ? high & BOXED_TAG : TAGS.number;
}
