import { ApiError } from '@likeness/shared/errors';

import type { ImageKey } from '../store/image-key.ts';
import type { ImageRecord } from '../store/image-record.ts';
import { isOutage } from '../store/level-outage.ts';
import { DamagedRecordError, type RecordStore, type ScannedImage } from '../store/record-store.ts';

/**
 * The record, or undefined. Throws `DamagedRecord` for one that is there and is not what was written, and
 * `ServiceUnavailable` where the machine cannot read at the moment.
 */
export function readRecord(
  records: RecordStore,
  id: string,
  key: ImageKey,
): Promise<ImageRecord | undefined> {
  return records.get(id, key).catch(refuse);
}

/** The records in the order of the keys; a damaged one is told of. Throws `ServiceUnavailable` likewise. */
export function readRecords(
  records: RecordStore,
  id: string,
  keys: readonly ImageKey[],
): Promise<readonly (ScannedImage | undefined)[]> {
  return records.getMany(id, keys).catch(refuse);
}

function refuse(error: unknown): never {
  if (error instanceof DamagedRecordError) throw new ApiError('DamagedRecord', { cause: error });
  if (isOutage(error)) throw new ApiError('ServiceUnavailable', { cause: error });
  throw error;
}
