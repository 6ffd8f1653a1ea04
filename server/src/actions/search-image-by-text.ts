import { LIMITS } from '@likeness/shared/api';
import { ApiError } from '@likeness/shared/errors';

import type { Action, RequestParameters } from './action.ts';
import { readHitExtras } from './hit-extras.ts';
import { readCategory } from './image-parameters.ts';
import { callOptions, findForWork } from './instance.ts';
import { checkLength, requireText } from './parameters.ts';
import { formatSearch } from './responses.ts';
import { readRanking } from './search-parameters.ts';

/** Finds the stored pictures that show what a text says. */
export const searchImageByText: Action = async (call, services) => {
  const { parameters } = call;
  const instance = findForWork(call, services, 'search');
  const text = readText(parameters);
  const category = readCategory(parameters);
  const request = {
    ...readRanking(parameters),
    ...(category !== undefined && { category }),
    query: { kind: 'text', text },
  } as const;
  const extras = await readHitExtras({ call, services, collection: instance });
  const result = await services.catalog.search(instance, request, callOptions(call));
  return formatSearch(instance, result, extras);
};

/** @throws {ApiError} `InvalidText` if absent or blank, `InvalidTextLength` */
function readText(parameters: RequestParameters): string {
  const text = requireText(parameters, 'Text', 'InvalidText');
  if (text.trim() === '') throw new ApiError('InvalidText');
  return checkLength(text, LIMITS.MAX_TEXT_LENGTH, 'InvalidTextLength');
}
