import { fromWireBody } from '@likeness/shared/api';
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
  DescribedActionName,
  DetailResponse,
  GetPictureResponse,
  GetServerInfoResponse,
  VerifyStorageResponse,
  GetThumbnailResponse,
  GetUsageResponse,
  ListedImage,
  ListAccessKeysResponse,
  ListImagesResponse,
  ListInstancesResponse,
  ResponseOf,
  SearchImageByFilterResponse,
  SearchImageByTextResponse,
  SearchImageResponse,
  UpdateAccessKeyResponse,
  UpdateImageResponse,
  UpdateInstanceResponse,
} from '@likeness/shared/api';

import { askAction } from './ask-action.ts';
import { openConnection } from './client-options.ts';
import type { CallOptions, ClientOptions } from './client-options.ts';
import type { Connection } from './connection.ts';
import { Libraries } from './libraries.ts';
import type { AnyTags, TagsOf } from './library-shapes.ts';
import { Library } from './library.ts';
import { readCursor, readPages } from './pages.ts';
import { readPicture } from './picture-content.ts';
import type {
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
  VerifyStorageRequest,
  ListImagesRequest,
  SearchImageByFilterRequest,
  SearchImageByNameRequest,
  SearchImageByPicRequest,
  SearchImageByTextRequest,
  UpdateAccessKeyRequest,
  UpdateImageRequest,
  UpdateInstanceRequest,
} from './requests.ts';

/**
 * A client of one Likeness server, with one access key; without a key for libraries on the server's own machine.
 *
 * Each method is an action of the API under the vendor's names: it takes the request's fields as a plain object, and
 * resolves to the answer's body; {@link library} leads to the operator API. Every one throws
 * - `ApiError` when the server refuses: branch on its `code` (`InvalidInstance`, `InvalidFilterClause` …);
 * - `ConnectionError` when no usable answer came, and its child `TimeoutError` when none came in time;
 * - the reason of `signal`, when that aborts.
 *
 * What is tried again by itself, at most {@link RetryOptions.maxTries} times: anything that the server refused for load
 * (nothing was done yet); and after a lost connection, a timeout or a 5xx the reads and the writes that overwrite
 * (`addImage`, `updateImage`, `updateInstance`, `updateAccessKey`). `deleteImage`, `clearInstance`, and what creates or
 * deletes instances, libraries and keys are not: their second answer would not tell what the first one did.
 *
 * @example
 * const client = new ImageSearchClient({
 *   endpoint: 'http://127.0.0.1:8000',
 *   accessKeyId: 'id',
 *   accessKeySecret: 'secret',
 * });
 */
export class ImageSearchClient {
  /** The image libraries of the server: those of the operator API. */
  readonly libraries: Libraries;

  readonly #connection: Connection;

  /** @throws {TypeError} for an endpoint that is no http or https URL, and for half a key. */
  constructor(options: ClientOptions) {
    this.#connection = openConnection(options);
    this.libraries = new Libraries(this.#connection);
  }

  /**
   * The image library of that name, whether it is there yet or not. Tell it the types of your tags, and filters that
   * do not fit them do not compile.
   *
   * @example
   * const library = client.library<{ color: string; price: number }>('shop_a_tops');
   * const { results } = await library.searchByText({
   *   queryText: 'a white short-sleeve T-shirt',
   *   tagFilter: { field: 'price', op: '<', value: 200 },
   * });
   * console.log(results[0]?.tags.color);
   */
  library<Tags extends TagsOf<Tags> = AnyTags>(name: string): Library<Tags> {
    return new Library(name, this.#connection);
  }

  /**
   * Adds a picture to an instance, or replaces the one with the same `productId` and `picName`. The next search finds it.
   *
   * @example
   * const { picInfo } = await client.addImage({
   *   instanceName: 'shoes',
   *   productId: 'p1',
   *   picName: 'front',
   *   picContent: fromFile('shoe.jpg'),
   *   intAttr: 42,
   *   strAttr: 'red',
   * });
   * console.log(picInfo.categoryId, picInfo.region);
   */
  addImage(request: AddImageRequest, options?: CallOptions): Promise<AddImageResponse> {
    return this.#call('AddImage', request, options);
  }

  /**
   * Changes attributes of a stored picture; those not named stay as they are. The picture itself stays too.
   *
   * @example
   * await client.updateImage({ instanceName: 'shoes', productId: 'p1', picName: 'front', intAttr: 43 });
   */
  updateImage(request: UpdateImageRequest, options?: CallOptions): Promise<UpdateImageResponse> {
    return this.#call('UpdateImage', request, options);
  }

  /**
   * Deletes one picture, all pictures of a product, or all that a filter matches. Deleting nothing is no error.
   *
   * @example
   * await client.deleteImage({ instanceName: 'shoes', productId: 'p1', picName: 'front' });
   * const { data } = await client.deleteImage({
   *   instanceName: 'shoes',
   *   isDeleteByFilter: true,
   *   filter: int('int_attr').lt(36),
   * });
   * console.log(data.picNames);
   */
  deleteImage(request: DeleteImageRequest, options?: CallOptions): Promise<DeleteImageResponse> {
    return this.#call('DeleteImage', request, options);
  }

  /**
   * Finds what looks like a picture, best first.
   *
   * @example
   * const { auctions } = await client.searchImageByPic({
   *   instanceName: 'shoes',
   *   picContent: fromFile('query.jpg'),
   *   region: { x1: 10, y1: 20, x2: 310, y2: 320 },
   *   filter: and(int('int_attr').ge(40), str('str_attr').in(['red', 'blue'])),
   *   scoreThreshold: 0.5,
   *   num: 20,
   * });
   * for (const { productId, score } of auctions) console.log(productId, score);
   */
  searchImageByPic(
    request: SearchImageByPicRequest,
    options?: CallOptions,
  ): Promise<SearchImageResponse> {
    return this.#call('SearchImageByPic', request, options);
  }

  /**
   * Finds what looks like a stored picture. The picture itself comes first.
   *
   * @example
   * const { auctions } = await client.searchImageByName({
   *   instanceName: 'shoes',
   *   productId: 'p1',
   *   picName: 'front',
   *   distinctProductId: true,
   * });
   * console.log(auctions[0]?.productId);
   */
  searchImageByName(
    request: SearchImageByNameRequest,
    options?: CallOptions,
  ): Promise<SearchImageResponse> {
    return this.#call('SearchImageByName', request, options);
  }

  /**
   * Finds what a text says, best first: names, kinds, colours, uses, in a language that the server's model pack knows.
   * Scores are of texts: 0.7 is as sure as 0.7 of a picture.
   *
   * Multimodal and generic instances are searched by text; others throw `UnsupportedInstanceType`. A text of which
   * too little is known finds the pictures that have its words in their names and attributes: `head.matchedBy` is
   * `words` then, and the score is the share of the words that a picture has.
   *
   * @example
   * const { auctions } = await client.searchImageByText({
   *   instanceName: 'shoes',
   *   text: 'red running shoes',
   *   filter: int('int_attr').ge(40),
   *   num: 20,
   * });
   * for (const { productId, score } of auctions) console.log(productId, score);
   */
  searchImageByText(
    request: SearchImageByTextRequest,
    options?: CallOptions,
  ): Promise<SearchImageByTextResponse> {
    return this.#call('SearchImageByText', request, options);
  }

  /**
   * Lists the pictures whose attributes match a filter, without comparing any. `head.docsFound` counts them all.
   *
   * @example
   * const { auctions, head } = await client.searchImageByFilter({
   *   instanceName: 'shoes',
   *   filter: 'int_attr in (41, 42) and str_attr = "red"',
   * });
   * console.log(head.docsFound, auctions.map(({ customContent }) => customContent));
   */
  searchImageByFilter(
    request: SearchImageByFilterRequest,
    options?: CallOptions,
  ): Promise<SearchImageByFilterResponse> {
    return this.#call('SearchImageByFilter', request, options);
  }

  /**
   * Whether a picture is stored, and with which attributes. Here `auctions` is one object, as the vendor has it.
   *
   * @example
   * const { exists, auctions } = await client.checkImageExists({
   *   instanceName: 'shoes',
   *   productId: 'p1',
   *   picName: 'front',
   * });
   * if (exists) console.log(auctions.intAttr);
   */
  checkImageExists(
    request: CheckImageExistsRequest,
    options?: CallOptions,
  ): Promise<CheckImageExistsResponse> {
    return this.#call('CheckImageExists', request, options);
  }

  /**
   * How alike two pictures are, from 0 to 1; neither is stored.
   *
   * @example
   * const { score } = await client.compareSimilarByImage({
   *   instanceName: 'shoes',
   *   primaryPicContent: fromFile('ours.jpg'),
   *   secondaryPicContent: fromFile('theirs.jpg'),
   * });
   * console.log(score > 0.9 ? 'nearly the same picture' : 'another one');
   */
  compareSimilarByImage(
    request: CompareSimilarByImageRequest,
    options?: CallOptions,
  ): Promise<CompareSimilarByImageResponse> {
    return this.#call('CompareSimilarByImage', request, options);
  }

  /**
   * An instance's service type, capacity (in 10,000 pictures), rate and number of pictures.
   *
   * @example
   * const { instance } = await client.detail({ instanceName: 'shoes' });
   * console.log(`${instance.totalCount} of ${instance.capacity * 10_000} pictures`);
   */
  detail(request: DetailRequest, options?: CallOptions): Promise<DetailResponse> {
    return this.#call('Detail', request, options);
  }

  /**
   * Creates an instance. Administration: needs the role `admin`, and the vendor has no API for it.
   *
   * @example
   * await client.createInstance({ instanceName: 'shoes', serviceType: 'product', capacity: 100_000 });
   */
  createInstance(
    request: CreateInstanceRequest,
    options?: CallOptions,
  ): Promise<CreateInstanceResponse> {
    return this.#call('CreateInstance', request, options);
  }

  /**
   * All instances with their settings and numbers. Administration.
   *
   * @example
   * const { instances } = await client.listInstances();
   * for (const { instanceName, imageCount } of instances) console.log(instanceName, imageCount);
   */
  listInstances(options?: CallOptions): Promise<ListInstancesResponse> {
    return this.#call('ListInstances', {}, options);
  }

  /**
   * Changes settings of an instance; those not named stay as they are. Administration.
   *
   * @example
   * await client.updateInstance({ instanceName: 'shoes', qps: 10 });
   */
  updateInstance(
    request: UpdateInstanceRequest,
    options?: CallOptions,
  ): Promise<UpdateInstanceResponse> {
    return this.#call('UpdateInstance', request, options);
  }

  /**
   * Removes all pictures of an instance, and keeps the instance. Administration.
   *
   * @example
   * await client.clearInstance({ instanceName: 'shoes' });
   */
  clearInstance(
    request: ClearInstanceRequest,
    options?: CallOptions,
  ): Promise<ClearInstanceResponse> {
    return this.#call('ClearInstance', request, options);
  }

  /**
   * Removes an instance with all its pictures. Administration.
   *
   * @example
   * await client.deleteInstance({ instanceName: 'shoes' });
   */
  deleteInstance(
    request: DeleteInstanceRequest,
    options?: CallOptions,
  ): Promise<DeleteInstanceResponse> {
    return this.#call('DeleteInstance', request, options);
  }

  /**
   * One page of an instance's pictures with all their fields, in a stable order. Administration.
   *
   * @example
   * const first = await client.listImages({ instanceName: 'shoes', num: 1000 });
   * console.log(first.images.length, first.nextCursor);
   */
  listImages(request: ListImagesRequest, options?: CallOptions): Promise<ListImagesResponse> {
    return this.#call('ListImages', request, options);
  }

  /**
   * A presigned address of a stored picture, byte for byte as it was sent. It ends within two hours, and with the key.
   *
   * @throws {ApiError} `PicNotExist` also for a picture whose instance keeps none.
   * @example
   * const { picture } = await client.getPicture({ instanceName: 'shoes', productId: 'p1', picName: 'front' });
   * const answer = await fetch(new URL(picture.url, 'http://127.0.0.1:8000'));
   */
  getPicture(request: GetPictureRequest, options?: CallOptions): Promise<GetPictureResponse> {
    return this.#call('GetPicture', request, options);
  }

  /**
   * A presigned address of a stored picture's thumbnail, a WEBP that fits into a square of `thumbnailWidth` pixels
   * (320 if absent). Searches and lists answer one with each hit when they are asked for `thumbnailWidth`.
   *
   * @throws {ApiError} `PicNotExist` also for a picture whose instance keeps none.
   * @example
   * const shoe = { instanceName: 'shoes', productId: 'p1', picName: 'front' };
   * const { thumbnail } = await client.getThumbnail({ ...shoe, thumbnailWidth: 160 });
   * console.log(thumbnail.url);
   */
  getThumbnail(request: GetThumbnailRequest, options?: CallOptions): Promise<GetThumbnailResponse> {
    return this.#call('GetThumbnail', request, options);
  }

  /**
   * Calls and their latencies by hour or by day, and what instances held. Administration.
   *
   * @throws {ApiError} `BadRequest` for more than 10,000 rows: ask for fewer periods, or group by less.
   * @example
   * const { usage } = await client.getUsage({ granularity: 'day', groupBy: 'InstanceName' });
   * for (const day of usage) console.log(day.instanceName, day.calls, day.p50Ms, day.p95Ms);
   */
  getUsage(request: GetUsageRequest = {}, options?: CallOptions): Promise<GetUsageResponse> {
    return this.#call('GetUsage', request, options);
  }

  /**
   * What runs: version, model pack, workers, limits, disk, damage. Administration.
   *
   * @example
   * const { server } = await client.getServerInfo();
   * console.log(server.version, server.disk.freeBytes, server.damage.length);
   */
  getServerInfo(options?: CallOptions): Promise<GetServerInfoResponse> {
    return this.#call('GetServerInfo', {}, options);
  }

  /**
   * Reads everything that is stored and names what is damaged: begins it, or tells how far it is. Administration.
   *
   * @example
   * await client.verifyStorage({ start: true });
   * const { verification } = await client.verifyStorage();
   * console.log(verification.status, verification.damage);
   */
  verifyStorage(
    request: VerifyStorageRequest = {},
    options?: CallOptions,
  ): Promise<VerifyStorageResponse> {
    return this.#call('VerifyStorage', request, options);
  }

  /**
   * Makes an access key for a program: a role, what it may touch, and at will a rate and an expiry. Needs the root key.
   *
   * The secret is in this answer alone: keep it, nobody can show it again.
   *
   * @throws {ApiError} with code `LimitExceeded.User.AccessKey` for more than 1,000 keys.
   * @example
   * const { accessKey } = await client.createAccessKey({
   *   name: 'web shop',
   *   role: 'read',
   *   scopes: ['instance:shop-*', 'library:shop-*'],
   *   rate: 50,
   * });
   * console.log(accessKey.accessKeyId, accessKey.accessKeySecret);
   */
  createAccessKey(
    request: CreateAccessKeyRequest,
    options?: CallOptions,
  ): Promise<CreateAccessKeyResponse> {
    return this.#call('CreateAccessKey', request, options);
  }

  /**
   * All access keys but the root key, oldest first, without their secrets. Needs the root key.
   *
   * @example
   * const { accessKeys } = await client.listAccessKeys();
   * for (const key of accessKeys) console.log(key.accessKeyId, key.role, key.status, key.utcLastUsed);
   */
  listAccessKeys(options?: CallOptions): Promise<ListAccessKeysResponse> {
    return this.#call('ListAccessKeys', {}, options);
  }

  /**
   * Changes what an access key may, from the next request on; what is not named stays as it is. Needs the root key.
   *
   * @throws {ApiError} with code `EntityNotExist.User.AccessKey`.
   * @example
   * await client.updateAccessKey({ userAccessKeyId: 'LK0123456789ABCDEF', enabled: false });
   */
  updateAccessKey(
    request: UpdateAccessKeyRequest,
    options?: CallOptions,
  ): Promise<UpdateAccessKeyResponse> {
    return this.#call('UpdateAccessKey', request, options);
  }

  /**
   * Removes an access key: what it signs is refused from now on. Needs the root key.
   *
   * @throws {ApiError} with code `EntityNotExist.User.AccessKey`.
   * @example
   * await client.deleteAccessKey({ userAccessKeyId: 'LK0123456789ABCDEF' });
   */
  deleteAccessKey(
    request: DeleteAccessKeyRequest,
    options?: CallOptions,
  ): Promise<DeleteAccessKeyResponse> {
    return this.#call('DeleteAccessKey', request, options);
  }

  /**
   * The pages of {@link searchImageByPic}, `num` hits each (100 if absent), up to the 500 a search can reach.
   *
   * @example
   * for await (const page of client.searchPagesByPic({
   *   instanceName: 'shoes',
   *   picContent: fromFile('query.jpg'),
   * })) {
   *   console.log(page.auctions.length, 'of', page.head.docsFound);
   * }
   */
  async *searchPagesByPic(
    request: SearchImageByPicRequest,
    options?: CallOptions,
  ): AsyncGenerator<SearchImageResponse, void, undefined> {
    // A stream can be read once only.
    const picContent = await readPicture(request.picContent);
    yield* readPages(request, (window) =>
      this.searchImageByPic({ ...request, ...window, picContent }, options),
    );
  }

  /**
   * The pages of {@link searchImageByName}, `num` hits each (100 if absent), up to the 500 a search can reach.
   *
   * @example
   * const shoe = { instanceName: 'shoes', productId: 'p1', picName: 'front' };
   * for await (const { auctions } of client.searchPagesByName(shoe)) console.log(auctions.length);
   */
  searchPagesByName(
    request: SearchImageByNameRequest,
    options?: CallOptions,
  ): AsyncGenerator<SearchImageResponse, void, undefined> {
    return readPages(request, (window) =>
      this.searchImageByName({ ...request, ...window }, options),
    );
  }

  /**
   * The pages of {@link searchImageByText}, `num` hits each (100 if absent), up to the 500 a search can reach.
   *
   * @example
   * const red = { instanceName: 'shoes', text: '红色跑鞋', scoreThreshold: 0.6 };
   * for await (const { auctions } of client.searchPagesByText(red)) console.log(auctions.length);
   */
  searchPagesByText(
    request: SearchImageByTextRequest,
    options?: CallOptions,
  ): AsyncGenerator<SearchImageByTextResponse, void, undefined> {
    return readPages(request, (window) =>
      this.searchImageByText({ ...request, ...window }, options),
    );
  }

  /**
   * The pages of {@link searchImageByFilter}, `num` pictures each (100 if absent), up to the 500 a search can reach;
   * {@link listAllImages} goes further.
   *
   * @example
   * const red = { instanceName: 'shoes', filter: str('str_attr').eq('red') };
   * for await (const { auctions } of client.searchPagesByFilter(red)) console.log(auctions.length);
   */
  searchPagesByFilter(
    request: SearchImageByFilterRequest,
    options?: CallOptions,
  ): AsyncGenerator<SearchImageByFilterResponse, void, undefined> {
    return readPages(request, (window) =>
      this.searchImageByFilter({ ...request, ...window }, options),
    );
  }

  /**
   * All pictures of an instance or a library, or all that match `filter`, however many: it asks for the next page as you go.
   *
   * @example
   * for await (const image of client.listAllImages({ instanceName: 'shoes' })) {
   *   console.log(image.productId, image.picName);
   * }
   */
  listAllImages(
    request: ListImagesRequest & { readonly cursor?: never },
    options?: CallOptions,
  ): AsyncGenerator<ListedImage, void, undefined> {
    return readCursor(async (cursor) => {
      const page = cursor === undefined ? request : { ...request, cursor };
      const { images, nextCursor } = await this.listImages(page, options);
      return { items: images, nextCursor };
    });
  }

  async #call<Action extends DescribedActionName>(
    action: Action,
    request: object,
    options: CallOptions = {},
  ): Promise<ResponseOf[Action]> {
    // The answer is trusted to be what the API says, as the vendor's SDK trusts its own.
    const answer = await askAction(action, request, { ...options, connection: this.#connection });
    return fromWireBody(answer) as ResponseOf[Action];
  }
}
