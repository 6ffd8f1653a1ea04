import { normalizeText } from '@likeness/shared/encoding';

import { loadSimplifier, loadTraditionalizer } from '../vision/text/chinese-script.ts';
import { otherNumbers } from './english-number.ts';

/** Parts texts with spaces and without; its dictionary is of Chinese and Japanese. */
const SEGMENTER = new Intl.Segmenter('zh', { granularity: 'word' });
const IS_HAN = /\p{Script=Han}/u;

/**
 * The words of a text that pictures are looked through for, each in all its spellings, the plainest first: one and
 * many, simplified and traditional.
 */
export async function queryWords(text: string): Promise<readonly (readonly string[])[]> {
  const segments = [...SEGMENTER.segment(normalizeText(text))];
  const words = segments
    .filter(({ isWordLike }) => isWordLike === true)
    .map(({ segment }) => segment);
  return Promise.all([...new Set(words)].map(spellingsOf));
}

async function spellingsOf(word: string): Promise<readonly string[]> {
  if (!IS_HAN.test(word)) return [word, ...otherNumbers(word)];
  const rewriters = await Promise.all([loadSimplifier(), loadTraditionalizer()]);
  return [...new Set([word, ...rewriters.map((rewrite) => rewrite(word))])];
}
