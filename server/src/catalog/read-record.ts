import { ApiError } from '@likeness/shared/errors';

import type { ImageKey } from '../store/image-key.ts';
import type { ImageRecord } from '../store/image-record.ts';
import { DamagedRecordError, type RecordStore } from '../store/record-store.ts';

/** The record, or undefined. Throws `DamagedRecord` for one that is there and is not what was written. */
export async function readRecord(
  records: RecordStore,
  id: string,
  key: ImageKey,
): Promise<ImageRecord | undefined> {
  try {
    return await records.get(id, key);
  } catch (error) {
    if (error instanceof DamagedRecordError) throw new ApiError('DamagedRecord', { cause: error });
    throw error;
  }
}
