import { LIMITS } from '@likeness/shared/api';

import type { ChangeableSettings } from './catalog.ts';

/** What an instance has where its owner says nothing: room for `DEFAULT_CAPACITY`, no limit of rate, pictures kept and never turned. */
export const DEFAULT_SETTINGS: ChangeableSettings = {
  capacity: LIMITS.DEFAULT_CAPACITY,
  qps: 0,
  addQps: 0,
  deleteQps: 0,
  autoOrient: false,
  keepPictures: true,
  description: '',
};
