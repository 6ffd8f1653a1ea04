import type {
  AuthorizeFileUploadResponse,
  GetPictureResponse,
  GetServerInfoResponse,
  GetThumbnailResponse,
  GetUsageResponse,
  VerifyStorageResponse,
} from './operation-responses.ts';
import type {
  AddImageResponse,
  CheckImageExistsResponse,
  ClearInstanceResponse,
  CompareSimilarByImageResponse,
  CreateAccessKeyResponse,
  CreateInstanceResponse,
  DeleteAccessKeyResponse,
  DeleteImageResponse,
  DeleteInstanceResponse,
  DetailResponse,
  ListAccessKeysResponse,
  ListImagesResponse,
  ListInstancesResponse,
  SearchImageByFilterResponse,
  SearchImageByTextResponse,
  SearchImageResponse,
  UpdateAccessKeyResponse,
  UpdateImageResponse,
  UpdateInstanceResponse,
} from './responses.ts';

/** By action; see `RequestOf`. */
export interface ResponseOf {
  readonly AddImage: AddImageResponse;
  readonly UpdateImage: UpdateImageResponse;
  readonly DeleteImage: DeleteImageResponse;
  readonly SearchImage: SearchImageResponse;
  readonly SearchImageByPic: SearchImageResponse;
  readonly SearchImageByName: SearchImageResponse;
  readonly SearchImageByText: SearchImageByTextResponse;
  readonly SearchImageByFilter: SearchImageByFilterResponse;
  readonly CheckImageExists: CheckImageExistsResponse;
  readonly CompareSimilarByImage: CompareSimilarByImageResponse;
  readonly Detail: DetailResponse;
  readonly CreateInstance: CreateInstanceResponse;
  readonly ListInstances: ListInstancesResponse;
  readonly UpdateInstance: UpdateInstanceResponse;
  readonly ClearInstance: ClearInstanceResponse;
  readonly DeleteInstance: DeleteInstanceResponse;
  readonly ListImages: ListImagesResponse;
  readonly CreateAccessKey: CreateAccessKeyResponse;
  readonly ListAccessKeys: ListAccessKeysResponse;
  readonly UpdateAccessKey: UpdateAccessKeyResponse;
  readonly DeleteAccessKey: DeleteAccessKeyResponse;
  readonly GetUsage: GetUsageResponse;
  readonly GetPicture: GetPictureResponse;
  readonly GetThumbnail: GetThumbnailResponse;
  readonly GetServerInfo: GetServerInfoResponse;
  readonly VerifyStorage: VerifyStorageResponse;
  readonly AuthorizeFileUpload: AuthorizeFileUploadResponse;
}
