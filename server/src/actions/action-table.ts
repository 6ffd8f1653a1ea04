import { API_VERSIONS } from '@likeness/shared/api';
import { ApiError } from '@likeness/shared/errors';

import type { Action } from './action.ts';
import { addImage } from './add-image.ts';
import { checkImageExists } from './check-image-exists.ts';
import { clearInstance } from './clear-instance.ts';
import { compareSimilarByImage } from './compare-similar-by-image.ts';
import { createInstance } from './create-instance.ts';
import { deleteImage } from './delete-image.ts';
import { deleteInstance } from './delete-instance.ts';
import { detail } from './detail.ts';
import { listImages } from './list-images.ts';
import { listInstances } from './list-instances.ts';
import { searchImageByFilter } from './search-image-by-filter.ts';
import { searchImageByName } from './search-image-by-name.ts';
import { searchImageByPic } from './search-image-by-pic.ts';
import { searchImageByText } from './search-image-by-text.ts';
import { searchImage } from './search-image.ts';
import { updateImage } from './update-image.ts';
import { updateInstance } from './update-instance.ts';

type ActionsByName = ReadonlyMap<string, Action>;

/** The vendor has it; this server does not, for now. */
const unsupported: Action = async () => {
  throw new ApiError('UnsupportedOperationType');
};

/** Lets the root key alone through. */
function administrative(action: Action): Action {
  return async (call, services) => {
    if (!call.caller.isRoot) throw new ApiError('NoPermission');
    return action(call, services);
  };
}

const CURRENT: ActionsByName = new Map([
  ['AddImage', addImage],
  ['UpdateImage', updateImage],
  ['DeleteImage', deleteImage],
  ['SearchImageByPic', searchImageByPic],
  ['SearchImageByName', searchImageByName],
  ['SearchImageByText', searchImageByText],
  ['SearchImageByFilter', searchImageByFilter],
  ['CheckImageExists', checkImageExists],
  ['CompareSimilarByImage', compareSimilarByImage],
  ['Detail', detail],
  ['DumpMeta', unsupported],
  ['DumpMetaList', unsupported],
  ['IncreaseInstance', unsupported],
  ['IncreaseList', unsupported],
]);

const ALIAS: ActionsByName = new Map([
  ['AddImage', addImage],
  ['DeleteImage', deleteImage],
  ['SearchImageByPic', searchImageByPic],
  ['SearchImageByName', searchImageByName],
]);

const ROA: ActionsByName = new Map([
  ['AddImage', addImage],
  ['SearchImage', searchImage],
  ['DeleteImage', deleteImage],
]);

const ADMINISTRATION: ActionsByName = new Map([
  ['CreateInstance', administrative(createInstance)],
  ['ListInstances', administrative(listInstances)],
  ['UpdateInstance', administrative(updateInstance)],
  ['ClearInstance', administrative(clearInstance)],
  ['DeleteInstance', administrative(deleteInstance)],
  ['ListImages', administrative(listImages)],
]);

const VERSIONS: ReadonlyMap<string, ActionsByName> = new Map([
  [API_VERSIONS.CURRENT, CURRENT],
  [API_VERSIONS.ALIAS, ALIAS],
  [API_VERSIONS.ROA, ROA],
  [API_VERSIONS.ADMINISTRATION, ADMINISTRATION],
]);

/**
 * What a request asks for. `SearchImage` is the name of version 2019-03-25's `/v2/image/search`.
 *
 * @throws {ApiError} `InvalidVersion`, `InvalidAction.NotFound`
 */
export function findAction(version: string, name: string): Action {
  const actions = VERSIONS.get(version);
  if (actions === undefined) throw new ApiError('InvalidVersion');
  const action = actions.get(name);
  if (action === undefined) throw new ApiError('InvalidAction.NotFound');
  return action;
}
