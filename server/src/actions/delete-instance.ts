import type { Action } from './action.ts';
import { findInstance } from './instance.ts';
import { written } from './responses.ts';

/** Removes an instance with every picture in it. */
export const deleteInstance: Action = async (call, services) => {
  const { name } = findInstance(call, services);
  const removed = await services.catalog.deleteCollection('instance', name);
  return { ...written(), Data: { Removed: removed } };
};
