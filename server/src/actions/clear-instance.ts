import type { Action } from './action.ts';
import { findInstance } from './instance.ts';
import { written } from './responses.ts';

/** Removes every picture of an instance, which stays. */
export const clearInstance: Action = async (call, services) => {
  const { name } = findInstance(call, services);
  const removed = await services.catalog.clearCollection('instance', name);
  return { ...written(), Data: { Removed: removed } };
};
