import { LIMITS } from '@likeness/shared/api';
import { ApiError } from '@likeness/shared/errors';

import type { Action, RequestParameters } from './action.ts';
import { readImageExtras } from './hit-extras.ts';
import { callOptions, findInstance } from './instance.ts';
import { formatCursor, parseCursor } from './list-cursor.ts';
import { readInteger } from './parameters.ts';
import { formatListedImage, written } from './responses.ts';
import { readFilter } from './search-parameters.ts';

const NUM_RANGE = { min: 1, max: LIMITS.MAX_LIST_NUM };

/** Lists an instance's pictures by key, page after page. Writes in between neither repeat nor hide others. */
export const listImages: Action = async (call, services) => {
  const instance = findInstance(call, services);
  const { num, ...scope } = readPage(call.parameters);
  const extras = await readImageExtras({ call, services, collection: instance });
  // One more than asked for, to know whether a page follows.
  const request = { ...scope, start: 0, num: num + 1 };
  const list = await services.catalog.list(instance, request, callOptions(call));
  const images = list.images.slice(0, num);
  const last = images.at(-1);
  const hasMore = list.images.length > num && last !== undefined;
  return {
    ...written(),
    Images: images.map((image) => ({ ...formatListedImage(image), ...extras(image) })),
    Total: list.found,
    NextCursor: hasMore ? formatCursor(last) : '',
  };
};

function readPage(parameters: RequestParameters) {
  const cursor = parameters.text.get('Cursor');
  const num = readInteger(
    parameters,
    'Num',
    NUM_RANGE,
    (expected) =>
      new ApiError('InvalidNumParameter', {
        message: `The specified parameter num is invalid: expected ${expected}.`,
      }),
  );
  return {
    num: num ?? LIMITS.DEFAULT_LIST_NUM,
    ...readFilter(parameters),
    ...(cursor !== undefined && { after: parseCursor(cursor) }),
  };
}
