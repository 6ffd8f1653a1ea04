import { setImmediate } from 'node:timers/promises';

import { TAGS } from '../attributes/encoded-value.ts';
import type { FieldSet } from '../attributes/field-set.ts';
import type { ColumnField } from '../attributes/field.ts';
import type { CompiledFilter } from '../filter/compile-filter.ts';
import { codesTerm } from '../filter/compile-term.ts';
import { listBits, setBit } from '../filter/filter-plan.ts';
import { WORD_SLICE } from '../limits.ts';

import type { WordPatterns } from './word-patterns.ts';

/** By number of a word, the codes that have it: a bit each. */
type WordCodes = ReadonlyMap<number, Uint32Array>;

/**
 * For each word of a query, the filter that passes the rows with the word in a text of theirs; undefined where no text
 * has it. Each distinct text is looked at once. Till the filters have been used, no dictionary code may be used again.
 */
export async function compileWords(
  fields: FieldSet,
  patterns: WordPatterns,
  signal: AbortSignal | undefined,
): Promise<readonly (CompiledFilter | undefined)[]> {
  const found: { field: ColumnField; texts: WordCodes; lists: WordCodes }[] = [];
  for (const field of fields.all) {
    const texts = await codesWithWords(field, TAGS.text, { patterns, signal });
    const lists = await codesWithWords(field, TAGS.list, { patterns, signal });
    found.push({ field, texts, lists });
  }
  return Array.from({ length: patterns.count }, (_, word) => {
    const having = found.filter(({ texts, lists }) => texts.has(word) || lists.has(word));
    if (having.length === 0) return undefined;
    const terms = having.map(({ texts, lists }, column) =>
      codesTerm(column, { texts: texts.get(word), lists: lists.get(word) }),
    );
    return { plan: { kind: 'or', terms }, columns: having.map(({ field }) => field) };
  });
}

async function codesWithWords(
  field: ColumnField,
  tag: number,
  { patterns, signal }: { patterns: WordPatterns; signal: AbortSignal | undefined },
): Promise<WordCodes> {
  const size = field.codesOf(tag);
  const found = new Map<number, Uint32Array>();
  for (let code = 0; code < size; code += 1) {
    if (code % WORD_SLICE === WORD_SLICE - 1) {
      await setImmediate();
      signal?.throwIfAborted();
    }
    const bits = wordsOf(field.entriesOf({ tag, word: code, high: 0 }), patterns);
    if (bits === 0) continue;
    for (const word of listBits(Uint32Array.of(bits))) {
      const codes = found.get(word) ?? new Uint32Array(Math.ceil(size / 32));
      found.set(word, codes);
      setBit(codes, code);
    }
  }
  return found;
}

function wordsOf(entries: ReturnType<ColumnField['entriesOf']>, patterns: WordPatterns): number {
  return entries
    .flatMap(([, value]) => value)
    .filter((each) => typeof each === 'string')
    .reduce((bits, text) => bits | patterns.bitsIn(text), 0);
}
