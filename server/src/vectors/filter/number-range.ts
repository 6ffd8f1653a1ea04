import { fromScaled, MAX_SCALE } from '../attributes/encoded-value.ts';

import type { NumberRange } from './filter-plan.ts';

/** Of int32. */
const [SMALLEST, LARGEST] = [-(2 ** 31), 2 ** 31 - 1];

/** The bounds of a range of numbers. */
type Bounds = Omit<NumberRange, 'words'>;

/** A range that columns compare with what they keep: the division is done here, once. */
export function numberRange(bounds: Bounds): NumberRange {
  const words = new Int32Array((MAX_SCALE + 1) * 2);
  for (let scale = 0; scale <= MAX_SCALE; scale += 1) {
    const least = firstWord((word) => isAbove(bounds, fromScaled(word, scale)));
    const beyond = firstWord((word) => !isBelow(bounds, fromScaled(word, scale)));
    words.set(least < beyond ? [least, beyond - 1] : [LARGEST, SMALLEST], scale * 2);
  }
  return { ...bounds, words };
}

export function isInRange(range: Bounds, value: number): boolean {
  return isAbove(range, value) && isBelow(range, value);
}

function isAbove({ from, includesFrom }: Bounds, value: number): boolean {
  return includesFrom ? value >= from : value > from;
}

function isBelow({ to, includesTo }: Bounds, value: number): boolean {
  return includesTo ? value <= to : value < to;
}

/** The least int32 that passes a test which all larger ones pass too; one more than the largest if none does. */
function firstWord(passes: (word: number) => boolean): number {
  let [low, high] = [SMALLEST, LARGEST + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (passes(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
