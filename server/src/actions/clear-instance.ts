import type { Action } from './action.ts';
import { openInstance } from './instance.ts';
import { written } from './responses.ts';

/** Removes every picture of an instance, which stays. */
export const clearInstance: Action = async (call, services) => {
  const { name } = openInstance(call, services);
  const removed = await services.catalog.clearCollection('instance', name);
  return { ...written(), Data: { Removed: removed } };
};
