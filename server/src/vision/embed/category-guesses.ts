import type { CategoryHead } from '../pack/pack-schema.ts';
import type { CategoryGuess } from '../vision.ts';

/** Softmax of logits / temperature, best first. */
export function readLogits(
  logits: Float32Array | undefined,
  head: CategoryHead | undefined,
): readonly CategoryGuess[] {
  if (logits === undefined || head === undefined) return [];
  if (logits.length !== head.ids.length) {
    throw new Error(`the category head gave ${logits.length} logits for ${head.ids.length} ids`);
  }
  const highest = logits.reduce((most, value) => Math.max(most, value), -Infinity);
  const powers = Array.from(logits, (value) => Math.exp((value - highest) / head.temperature));
  const total = powers.reduce((sum, value) => sum + value, 0);
  return ranked(head.ids.map((id, i) => ({ id, confidence: (powers[i] ?? 0) / total })));
}

/** What a part and the whole of a picture say together, `share` of it the whole. */
export function blendCategories(
  part: readonly CategoryGuess[],
  whole: readonly CategoryGuess[],
  share: number,
): readonly CategoryGuess[] {
  if (share === 0) return part;
  const ofWhole = new Map(whole.map(({ id, confidence }) => [id, confidence]));
  return ranked(
    part.map(({ id, confidence }) => ({
      id,
      confidence: confidence * (1 - share) + (ofWhole.get(id) ?? 0) * share,
    })),
  );
}

function ranked(guesses: readonly CategoryGuess[]): readonly CategoryGuess[] {
  return guesses.toSorted((a, b) => b.confidence - a.confidence);
}
