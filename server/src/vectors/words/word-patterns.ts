import { normalizeText } from '@likeness/shared/encoding';

import { MAX_WORDS } from '../limits.ts';

/** A word of a query: the ways to write it, the plainest first. */
export type WordSpellings = readonly string[];

/** Characters of scripts that do not part words: each is a piece by itself. */
const UNPARTED = String.raw`\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}`;
const PIECES = new RegExp(
  String.raw`[${UNPARTED}]|(?:(?![${UNPARTED}])[\p{L}\p{M}])+|(?:(?![${UNPARTED}])\p{N})+`,
  'gu',
);
const IS_UNPARTED = new RegExp(`[${UNPARTED}]`, 'u');
const SEPARATORS = String.raw`[^\p{L}\p{M}\p{N}]*`;
/** As in "redShirt". */
const CAMEL_CASE = /(\p{Ll})(\p{Lu})/gu;
const NOT_ASCII = /\P{ASCII}/u;

/**
 * The words of a query, to be found in texts.
 *
 * A text is cut into pieces: runs of letters and runs of digits, and the characters of scripts without
 * spaces. A word is found where whole pieces, one after the other, spell it: `tshirt` in "T-shirt", `运动鞋`
 * in "红色运动鞋", and `red` not in "hundred". Two words next to each other are also found where the
 * text joins them: `hand bag` in "handbag".
 */
export class WordPatterns {
  /** How many words are looked for, at most {@link MAX_WORDS}. */
  readonly count: number;
  /** The words that a run of pieces spells: a bit each. */
  readonly #bits = new Map<string, number>();
  /** What every text with a word matches. */
  readonly #hint: RegExp;
  readonly #longest: number;

  constructor(words: readonly WordSpellings[]) {
    const wanted = words.slice(0, MAX_WORDS);
    this.count = wanted.length;
    for (const [number, spellings] of wanted.entries()) {
      for (const spelling of spellings) this.#add(spelling, 1 << number);
      const before = number === 0 ? undefined : wanted[number - 1]?.[0];
      if (before === undefined || IS_UNPARTED.test(before)) continue;
      for (const spelling of spellings) this.#add(before + spelling, 3 << (number - 1));
    }
    const patterns = [...this.#bits.keys()];
    this.#longest = Math.max(0, ...patterns.map(({ length }) => length));
    this.#hint = new RegExp(
      patterns.map((text) => Array.from(text).join(SEPARATORS)).join('|'),
      'iu',
    );
  }

  /** The words that a text has: a bit each. */
  bitsIn(text: string): number {
    const plain = NOT_ASCII.test(text) ? normalizeText(text) : text;
    if (this.#bits.size === 0 || !this.#hint.test(plain)) return 0;
    const pieces = piecesOf(text);
    let bits = 0;
    for (let start = 0; start < pieces.length; start += 1) {
      let run = '';
      for (let end = start; end < pieces.length && run.length < this.#longest; end += 1) {
        run += pieces[end];
        bits |= this.#bits.get(run) ?? 0;
      }
    }
    return bits;
  }

  #add(spelling: string, bits: number): void {
    const pattern = piecesOf(spelling).join('');
    if (pattern !== '') this.#bits.set(pattern, (this.#bits.get(pattern) ?? 0) | bits);
  }
}

function piecesOf(text: string): readonly string[] {
  return normalizeText(text.replaceAll(CAMEL_CASE, '$1 $2')).match(PIECES) ?? [];
}
