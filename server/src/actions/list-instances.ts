import { maySee } from '../auth/rights.ts';
import type { Action } from './action.ts';
import { formatInstance, written } from './responses.ts';

/** Every instance that the caller may see, by name. */
export const listInstances: Action = async ({ caller }, { catalog }) => {
  const instances = catalog
    .listCollections('instance')
    .filter((instance) => maySee(caller.rights, instance))
    .toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  return { ...written(), Instances: instances.map(formatInstance) };
};
