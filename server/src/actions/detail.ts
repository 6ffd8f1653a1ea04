import { LIMITS } from '@likeness/shared/api';

import type { Action } from './action.ts';
import { findInstance } from './instance.ts';

/** The vendor names the region of his that an instance lives in; ours live here. */
const REGION = 'local';

/** Instances do not expire: 1 January 2100, in milliseconds. */
const EXPIRES_MS = 4_102_444_800_000;

/** Tells what an instance is. Answers also while it is being cleared or embedded again. */
export const detail: Action = async (call, services) => {
  const instance = findInstance(call, services);
  return {
    Success: true,
    Instance: {
      Name: instance.name,
      Capacity: Math.ceil(instance.capacity / LIMITS.CAPACITY_UNIT),
      Qps: instance.qps,
      Region: REGION,
      ServiceType: instance.serviceType,
      TotalCount: instance.images,
      // Ours: the vendor's instances are never embedded again.
      Status: instance.status,
      UnembeddedCount: instance.unembedded,
      UtcCreate: String(instance.createdMs),
      UtcExpireTime: String(EXPIRES_MS),
    },
  };
};
