/**
 * A filter made ready for columns: fields are numbers of columns, texts and lists are bits per
 * dictionary code. It is plain data, so that it can be sent to a thread.
 */
export type FilterPlan =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly FilterPlan[] }
  | TermPlan;

export interface TermPlan {
  readonly kind: 'term';
  /** Number of the field among the plan's columns. */
  readonly column: number;
  /** The answer is the opposite of what the rest says. */
  readonly negated: boolean;
  /** Numbers in one of these ranges pass. */
  readonly ranges: readonly NumberRange[];
  /** Numbers among these pass; instead of ranges when there are many. */
  readonly numbers: ReadonlySet<number> | undefined;
  readonly passesYes: boolean;
  readonly passesNo: boolean;
  /** Of texts, and of lists, that pass. */
  readonly texts: CodeSet;
  readonly lists: CodeSet;
}

export interface CodeSet {
  /** A bit per code. */
  readonly bits: Uint32Array;
  /** The codes, where they are so few that each is looked for by itself. */
  readonly few: readonly number[] | undefined;
}

export interface NumberRange {
  readonly from: number;
  readonly to: number;
  readonly includesFrom: boolean;
  readonly includesTo: boolean;
  /** By scale of a column, the least and the most of its words that are in the range; the least is more where none is. */
  readonly words: Int32Array;
}

/** Up to so many codes are looked for one by one. */
const MAX_FEW = 4;

export function codeSet(bits: Uint32Array): CodeSet {
  return { bits, few: countBits(bits) > MAX_FEW ? undefined : listBits(bits) };
}

export function hasBit(bits: Uint32Array, code: number): boolean {
  return (((bits[code >>> 5] ?? 0) >>> (code & 31)) & 1) === 1;
}

export function setBit(bits: Uint32Array, code: number): void {
  bits[code >>> 5] = (bits[code >>> 5] ?? 0) | (1 << (code & 31));
}

export function countBits(words: Uint32Array): number {
  return countBitsBetween(words, 0, words.length * 32);
}

/** How many bits are set from number `from` to number `to`. */
export function countBitsBetween(words: Uint32Array, from: number, to: number): number {
  let count = 0;
  for (let i = from >>> 5; i * 32 < to; i += 1) {
    let word = words[i] ?? 0;
    if (i * 32 < from) word &= -1 << (from & 31);
    if (i * 32 + 32 > to) word &= ~(-1 << (to & 31));
    if (word !== 0) count += countWord(word);
  }
  return count;
}

function countWord(word: number): number {
  let bits = word - ((word >>> 1) & 0x5555_5555);
  bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/** The numbers of the bits that are set, in order. */
export function listBits(words: Uint32Array): number[] {
  const bits: number[] = [];
  for (let i = 0; i < words.length; i += 1)
    for (let word = words[i] ?? 0; word !== 0; word &= word - 1)
      bits.push(i * 32 + 31 - Math.clz32(word & -word));
  return bits;
}
