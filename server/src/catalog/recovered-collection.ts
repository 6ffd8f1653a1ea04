import { LIMITS } from '@likeness/shared/api';

import type { CollectionRecord } from '../store/record-store.ts';
import type { CollectionSettings } from './catalog.ts';
import { DEFAULT_SETTINGS } from './default-settings.ts';

/** The most general service type. */
const GENERIC = 1;

/** A collection for records whose own was lost: an instance named after its id, that takes anything. */
export function recoveredCollection(id: string, createdMs: number): CollectionRecord {
  const settings: CollectionSettings = {
    ...DEFAULT_SETTINGS,
    facade: 'instance',
    name: `recovered-${id}`,
    serviceType: GENERIC,
    mode: 'subject',
    capacity: LIMITS.MAX_CAPACITY,
  };
  return { id, state: 'ready', createdMs, settings: { ...settings } };
}
