import { ApiError } from '@likeness/shared/errors';

import type { Action } from './action.ts';
import { searchImageByName } from './search-image-by-name.ts';
import { searchImageByPic } from './search-image-by-pic.ts';

const BY_TYPE: ReadonlyMap<string, Action> = new Map([
  ['SearchByPic', searchImageByPic],
  ['SearchByName', searchImageByName],
]);

/** The search of version 2019-03-25, whose `Type` says by what. */
export const searchImage: Action = async (call, services) => {
  const search = BY_TYPE.get(call.parameters.text.get('Type') ?? 'SearchByPic');
  if (search === undefined) throw new ApiError('InvalidType');
  return search(call, services);
};
