export { ImageSearchClient } from './client.ts';
export type { CallOptions, ClientOptions } from './client-options.ts';
export type { Clock } from './clock.ts';
export { ConnectionError, TimeoutError } from './connection-error.ts';
export type { PictureContent } from './picture-content.ts';
export type { RetryOptions } from './retry.ts';
export type { SignatureScheme } from './signer.ts';
export type {
  AddImageRequest,
  CheckImageExistsRequest,
  ClearInstanceRequest,
  CompareSimilarByImageRequest,
  CreateAccessKeyRequest,
  CreateInstanceRequest,
  DeleteAccessKeyRequest,
  DeleteImageRequest,
  DeleteInstanceRequest,
  DetailRequest,
  GetPictureRequest,
  GetThumbnailRequest,
  GetUsageRequest,
  ListImagesRequest,
  SearchImageByFilterRequest,
  SearchImageByNameRequest,
  SearchImageByPicRequest,
  SearchImageByTextRequest,
  UpdateAccessKeyRequest,
  UpdateImageRequest,
  UpdateInstanceRequest,
  VerifyStorageRequest,
} from './requests.ts';

export { ApiError } from '@likeness/shared/errors';
export { and, int, or, str } from '@likeness/shared/filter';
export type { Filter } from '@likeness/shared/filter';
export type {
  AccessKeyInfo,
  AddImageResponse,
  Auction,
  CheckImageExistsResponse,
  ClearInstanceResponse,
  CompareSimilarByImageResponse,
  CreateAccessKeyResponse,
  CreatedAccessKey,
  CreateInstanceResponse,
  DeleteAccessKeyResponse,
  DeleteImageResponse,
  DeleteInstanceResponse,
  DetailResponse,
  FoundDamage,
  GetPictureResponse,
  GetServerInfoResponse,
  GetThumbnailResponse,
  GetUsageResponse,
  Head,
  InstanceInfo,
  ListedImage,
  ListAccessKeysResponse,
  ListImagesResponse,
  ListInstancesResponse,
  PicInfo,
  Region,
  Role,
  SearchImageByFilterResponse,
  SearchImageByTextResponse,
  SearchImageResponse,
  ServerInfo,
  VerifyStorageResponse,
  StorageRow,
  StoredAuction,
  TextHead,
  UpdateAccessKeyResponse,
  UpdateImageResponse,
  UpdateInstanceResponse,
  UsageRow,
} from '@likeness/shared/api';
