import { LIMITS } from '@likeness/shared/api';
import { ApiError } from '@likeness/shared/errors';

import type { CollectionInfo } from '../catalog/catalog.ts';
import type { Action, RequestParameters } from './action.ts';
import { readImageExtras } from './hit-extras.ts';
import { findCollection } from './collection.ts';
import { callOptions } from './instance.ts';
import { formatCursor, parseCursor } from './list-cursor.ts';
import { readInteger } from './parameters.ts';
import { formatListedImage, written } from './responses.ts';
import { readFilter, readLibraryFilter } from './search-parameters.ts';

const NUM_RANGE = { min: 1, max: LIMITS.MAX_LIST_NUM };

/** Lists the pictures of an instance or a library by key, page after page. Writes in between neither repeat nor hide others. */
export const listImages: Action = async (call, services) => {
  const collection = findCollection(call, services);
  const { num, ...scope } = readPage(call.parameters, collection);
  const extras = await readImageExtras({ call, services, collection });
  // One more than asked for, to know whether a page follows.
  const request = { ...scope, start: 0, num: num + 1 };
  const list = await services.catalog.list(collection, request, callOptions(call));
  const images = list.images.slice(0, num);
  const last = images.at(-1);
  const hasMore = list.images.length > num && last !== undefined;
  return {
    ...written(),
    Images: images.map((image) => ({ ...formatListedImage(collection, image), ...extras(image) })),
    Total: list.found,
    NextCursor: hasMore ? formatCursor(last) : '',
  };
};

function readPage(parameters: RequestParameters, { facade }: CollectionInfo) {
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
    ...(facade === 'library' ? readLibraryFilter(parameters) : readFilter(parameters)),
    ...(cursor !== undefined && { after: parseCursor(cursor) }),
  };
}
