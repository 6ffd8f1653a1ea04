import type * as api from '@likeness/shared/api';
import type { Filter, TagFilter } from '@likeness/shared/filter';

import type { PictureContent } from './picture-content.ts';

type PictureField = 'picContent' | 'primaryPicContent' | 'secondaryPicContent';

/** A request with the vendor's field names; pictures, regions and filters may also be values instead of text. */
type Rich<Request> = {
  readonly [Field in keyof Request]: Field extends PictureField
    ? PictureContent
    : Field extends 'region'
      ? string | api.Region
      : Field extends 'filter'
        ? string | (Request extends api.LibraryRequest ? TagFilter : Filter)
        : Request[Field];
};

export type AddImageRequest = Rich<api.AddImageRequest>;
export type UpdateImageRequest = Rich<api.UpdateImageRequest>;
export type DeleteImageRequest = Rich<api.DeleteImageRequest>;
export type SearchImageByPicRequest = Rich<api.SearchImageByPicRequest>;
export type SearchImageByNameRequest = Rich<api.SearchImageByNameRequest>;
export type SearchImageByTextRequest = Rich<api.SearchImageByTextRequest>;
export type SearchImageByFilterRequest = Rich<api.SearchImageByFilterRequest>;
export type CheckImageExistsRequest = Rich<api.CheckImageExistsRequest>;
export type CompareSimilarByImageRequest = Rich<api.CompareSimilarByImageRequest>;
export type DetailRequest = Rich<api.DetailRequest>;
export type CreateInstanceRequest = Rich<api.CreateInstanceRequest>;
export type ListInstancesRequest = Rich<api.ListInstancesRequest>;
export type UpdateInstanceRequest = Rich<api.UpdateInstanceRequest>;
export type ClearInstanceRequest = Rich<api.ClearInstanceRequest>;
export type DeleteInstanceRequest = Rich<api.DeleteInstanceRequest>;
export type ListImagesRequest = Rich<api.ListImagesRequest>;
export type CreateAccessKeyRequest = api.CreateAccessKeyRequest;
export type UpdateAccessKeyRequest = api.UpdateAccessKeyRequest;
export type DeleteAccessKeyRequest = api.DeleteAccessKeyRequest;
export type GetUsageRequest = Rich<api.GetUsageRequest>;
export type GetPictureRequest = Rich<api.GetPictureRequest>;
export type GetThumbnailRequest = Rich<api.GetThumbnailRequest>;
export type VerifyStorageRequest = api.VerifyStorageRequest;
