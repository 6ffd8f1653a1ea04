import type { Action } from './action.ts';
import { readHitExtras } from './hit-extras.ts';
import { readCategory, readImageKey } from './image-parameters.ts';
import { callOptions, findForWork } from './instance.ts';
import { formatSearch } from './responses.ts';
import { readRanking } from './search-parameters.ts';

/** Finds the stored pictures most like a stored one, which comes first. */
export const searchImageByName: Action = async (call, services) => {
  const { parameters } = call;
  const instance = findForWork(call, services, 'search');
  const category = readCategory(parameters);
  const request = {
    ...readRanking(parameters),
    ...(category !== undefined && { category }),
    query: { kind: 'stored', ...readImageKey(parameters) },
  } as const;
  const extras = await readHitExtras({ call, services, collection: instance });
  const result = await services.catalog.search(instance, request, callOptions(call));
  return formatSearch(instance, result, extras);
};
