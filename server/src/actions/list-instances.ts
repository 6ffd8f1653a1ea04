import type { Action } from './action.ts';
import { formatInstance, written } from './responses.ts';

/** Every instance, by name. */
export const listInstances: Action = async (_call, { catalog }) => {
  const instances = catalog
    .listCollections('instance')
    .toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  return { ...written(), Instances: instances.map(formatInstance) };
};
