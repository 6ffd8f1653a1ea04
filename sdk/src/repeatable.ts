import { ACTIONS } from '@likeness/shared/api';
import type { ActionName } from '@likeness/shared/api';

/**
 * Writes that leave the same state, and give the same answer, when they are carried out twice: they set or overwrite.
 *
 * The others are not among them: `DeleteImage` and `ClearInstance` would answer that nothing was there, `CreateInstance`
 * that the name is taken, `DeleteInstance` and `DeleteAccessKey` that it is unknown, and `CreateAccessKey` would make two.
 */
const REPEATABLE_WRITES = new Set<ActionName>([
  'AddImage',
  'UpdateImage',
  'UpdateInstance',
  'UpdateAccessKey',
]);

/** Whether an action that may or may not have been carried out can be sent again: reads, and writes that overwrite. */
export function isRepeatable(action: ActionName): boolean {
  return ACTIONS[action].isRead || REPEATABLE_WRITES.has(action);
}
