import type { VectorAnswer, VectorIndex } from '../../src/vectors/vector-index.ts';
import type { RandomRows } from './random-rows.ts';

/** Writes the same to both: rows put, changed and removed. */
export function writeSome(rows: RandomRows, indexes: readonly VectorIndex[], count: number): void {
  const { random } = rows;
  for (let i = 0; i < count; i += 1) {
    const roll = random.next();
    const [key, attributes, row] = [rows.key(), rows.attributes(), rows.row()];
    for (const index of indexes) {
      if (roll < 0.75) index.put(row);
      else if (roll < 0.9) index.remove(key);
      else index.setAttributes(key, attributes, row.revision);
    }
  }
}

function lines({ hits, found }: VectorAnswer): readonly string[] {
  return [
    `found ${found}`,
    ...hits.map(({ key, revision, score, cosine }) => `${key} ${revision} ${score} ${cosine}`),
  ];
}

/** The first ranks that differ, in few words: jest's own comparison of long lists takes minutes. */
export function differences(answer: VectorAnswer, expected: VectorAnswer): readonly string[] {
  const [got, wanted] = [lines(answer), lines(expected)];
  return Array.from({ length: Math.max(got.length, wanted.length) }, (_, rank) => rank)
    .filter((rank) => got[rank] !== wanted[rank])
    .slice(0, 3)
    .map((rank) => `at ${rank}: ${got[rank]} instead of ${wanted[rank]}`);
}
