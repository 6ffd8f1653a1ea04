import type { Action } from './action.ts';
import { readHitExtras } from './hit-extras.ts';
import { readFraming } from './image-parameters.ts';
import { callOptions, findForWork } from './instance.ts';
import { readPicContent } from './picture-parameter.ts';
import { formatSearch } from './responses.ts';
import { readRanking } from './search-parameters.ts';

/** Finds the stored pictures most like the one sent. */
export const searchImageByPic: Action = async (call, services) => {
  const { parameters } = call;
  const instance = findForWork(call, services, 'search');
  const { category, ...framing } = readFraming(parameters);
  const ranking = readRanking(parameters);
  const request = {
    ...ranking,
    ...(category !== undefined && { category }),
    query: { kind: 'picture', picture: await readPicContent(call), ...framing },
  } as const;
  const extras = await readHitExtras({ call, services, collection: instance });
  const result = await services.catalog.search(instance, request, callOptions(call));
  return formatSearch(instance, result, extras);
};
