import { SpannedKeys, type ErasedSpan } from './erased-span.ts';
import type { LevelHandle } from './level-handle.ts';

/**
 * Bytes that are compacted at once. While LevelDB compacts what it was told to, it does not look after what
 * is being written, and stops writes after some 50 MB of them.
 */
const PIECE_BYTES = 64 * 1024 * 1024;
/** Keys fetched at once. */
const KEYS = 4_096;

/** The span in pieces, cut at rows that are there and at `cuts`, which were. */
export async function piecesOf(
  level: LevelHandle,
  span: ErasedSpan,
  cuts: readonly Buffer[],
): Promise<readonly ErasedSpan[]> {
  if ((await level.approximateSize(span.from, span.to)) <= PIECE_BYTES) return [span];
  const isInside = (key: Buffer): boolean =>
    Buffer.compare(span.from, key) < 0 && Buffer.compare(key, span.to) < 0;
  const all = [...cuts, ...(await liveCuts(level, span))].filter(isInside);
  const pieces: ErasedSpan[] = [];
  let { from } = span;
  for (const to of all.toSorted((a, b) => Buffer.compare(a, b))) {
    pieces.push({ from, to });
    from = to;
  }
  return [...pieces, { from, to: span.to }];
}

async function liveCuts(level: LevelHandle, { from, to }: ErasedSpan): Promise<readonly Buffer[]> {
  const rows = new SpannedKeys();
  const iterator = level.keys({ gte: from, lte: to, fillCache: false });
  try {
    for (let keys = await iterator.nextv(KEYS); keys.length > 0;) {
      for (const key of keys) rows.add(key);
      keys = await iterator.nextv(KEYS);
    }
  } finally {
    await iterator.close();
  }
  return rows.cuts;
}
