import { API_VERSIONS, type ActionName } from '@likeness/shared/api';
import { ApiError } from '@likeness/shared/errors';

import type { Action } from './action.ts';
import { addImage } from './add-image.ts';
import { authorizeFileUpload } from './authorize-file-upload.ts';
import { authorized } from './authorize.ts';
import { checkImageExists } from './check-image-exists.ts';
import { clearInstance } from './clear-instance.ts';
import { compareSimilarByImage } from './compare-similar-by-image.ts';
import { createAccessKey } from './create-access-key.ts';
import { createInstance } from './create-instance.ts';
import { deleteAccessKey } from './delete-access-key.ts';
import { deleteImage } from './delete-image.ts';
import { deleteInstance } from './delete-instance.ts';
import { detail } from './detail.ts';
import { getPicture } from './get-picture.ts';
import { getServerInfo } from './get-server-info.ts';
import { getThumbnail } from './get-thumbnail.ts';
import { getUsage } from './get-usage.ts';
import { listAccessKeys } from './list-access-keys.ts';
import { listImages } from './list-images.ts';
import { listInstances } from './list-instances.ts';
import { searchImageByFilter } from './search-image-by-filter.ts';
import { searchImageByName } from './search-image-by-name.ts';
import { searchImageByPic } from './search-image-by-pic.ts';
import { searchImageByText } from './search-image-by-text.ts';
import { searchImage } from './search-image.ts';
import { updateAccessKey } from './update-access-key.ts';
import { updateImage } from './update-image.ts';
import { updateInstance } from './update-instance.ts';
import { verifyStorage } from './verify-storage.ts';

type ActionsByName = ReadonlyMap<string, Action>;

const CURRENT = authorizedActions({
  AddImage: addImage,
  UpdateImage: updateImage,
  DeleteImage: deleteImage,
  SearchImageByPic: searchImageByPic,
  SearchImageByName: searchImageByName,
  SearchImageByText: searchImageByText,
  SearchImageByFilter: searchImageByFilter,
  CheckImageExists: checkImageExists,
  CompareSimilarByImage: compareSimilarByImage,
  Detail: detail,
  DumpMeta: unsupported,
  DumpMetaList: unsupported,
  IncreaseInstance: unsupported,
  IncreaseList: unsupported,
});

const ALIAS = authorizedActions({
  AddImage: addImage,
  DeleteImage: deleteImage,
  SearchImageByPic: searchImageByPic,
  SearchImageByName: searchImageByName,
});

const ROA = authorizedActions({
  AddImage: addImage,
  SearchImage: searchImage,
  DeleteImage: deleteImage,
});

const OPEN_PLATFORM = authorizedActions({ AuthorizeFileUpload: authorizeFileUpload });

const ADMINISTRATION = authorizedActions({
  CreateInstance: createInstance,
  ListInstances: listInstances,
  UpdateInstance: updateInstance,
  ClearInstance: clearInstance,
  DeleteInstance: deleteInstance,
  ListImages: listImages,
  CreateAccessKey: createAccessKey,
  ListAccessKeys: listAccessKeys,
  UpdateAccessKey: updateAccessKey,
  DeleteAccessKey: deleteAccessKey,
  GetUsage: getUsage,
  GetPicture: getPicture,
  GetThumbnail: getThumbnail,
  GetServerInfo: getServerInfo,
  VerifyStorage: verifyStorage,
});

const VERSIONS: ReadonlyMap<string, ActionsByName> = new Map([
  [API_VERSIONS.CURRENT, CURRENT],
  [API_VERSIONS.ALIAS, ALIAS],
  [API_VERSIONS.ROA, ROA],
  [API_VERSIONS.OPEN_PLATFORM, OPEN_PLATFORM],
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

/** Every action stands behind the rights that it needs. */
function authorizedActions(actions: Readonly<Partial<Record<ActionName, Action>>>): ActionsByName {
  return new Map(
    Object.entries(actions).map(([name, action]) => [name, authorized(name as ActionName, action)]),
  );
}

/** The vendor has it; this server does not, for now. */
async function unsupported(): Promise<never> {
  throw new ApiError('UnsupportedOperationType');
}
