import type { LevelOperation } from './image-batch.ts';
import { bracketsOf, type Erasures } from './level-erasures.ts';
import type { LevelHandle } from './level-handle.ts';
import { piecesOf } from './purge-pieces.ts';

export interface PurgeParts {
  /** The open store; another once it was reopened. */
  readonly level: () => Promise<LevelHandle>;
  /** What is erased; another object once the store was reopened. */
  readonly erasures: () => Erasures;
  /** Writes between two other batches. Rejects once a write has failed. */
  readonly commit: (operations: readonly LevelOperation[]) => Promise<void>;
}

/** Compacts every span of what was erased, piece by piece. Resolves to whether it came to the end. */
export async function purgeErased(
  { level, erasures, commit }: PurgeParts,
  signal?: AbortSignal,
): Promise<boolean> {
  for (const id of erasures().ids) {
    const span = erasures().get(id);
    if (span === undefined) continue;
    for (const piece of await piecesOf(await level(), span, erasures().cutsOf(id))) {
      if (signal?.aborted === true) return false;
      // See `bracketsOf` for why twice.
      await (await level()).compactRange(piece.from, piece.to);
      await commit(bracketsOf(piece));
      await (await level()).compactRange(piece.from, piece.to);
    }
    await commit(erasures().settle(id, span));
  }
  return true;
}
