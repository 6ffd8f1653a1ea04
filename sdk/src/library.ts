import { ApiError } from '@likeness/shared/errors';
import { tagsOf } from '@likeness/shared/filter';
import type { TagTester } from '@likeness/shared/filter';

import { askOperator } from './ask-operator.ts';
import type { OperationName } from './ask-operator.ts';
import type { CallOptions } from './client-options.ts';
import type { Connection } from './connection.ts';
import type {
  AddLibraryImageRequest,
  AnyTags,
  CreateLibraryRequest,
  DeletedLibrary,
  LibraryImageKey,
  LibraryImageSelection,
  LibraryInfo,
  LibrarySearchAnswer,
  LibrarySettings,
  LibraryTextSearchAnswer,
  ListedLibraryImage,
  ListLibraryImagesAnswer,
  ListLibraryImagesRequest,
  QueryLibraryImagesRequest,
  RemovedLibraryImages,
  SearchLibraryByImageAndTextRequest,
  SearchLibraryByImageRequest,
  SearchLibraryByTextRequest,
  SearchLibrarySimilarRequest,
  ShownPictures,
  TagsOf,
  TaggedLibraryImage,
  UpdateLibraryImageRequest,
} from './library-shapes.ts';
import { readNumberedPages } from './pages.ts';
import { readPicture } from './picture-content.ts';
import type { PictureContent } from './picture-content.ts';

/**
 * One image library: pictures with tags of any name, searched by picture and by text. `client.library(name)` makes it,
 * and asks nothing of the server yet.
 *
 * Tell it the types of your tags, and filters that do not fit them do not compile. Requests have the fields of the
 * operator API in camelCase. What fails is thrown as {@link ImageSearchClient} says; the `code` of an `ApiError` is the
 * operator API's status word (`LIBRARY_NOT_FOUND`, `INVALID_TAG_FILTER` …).
 *
 * @example
 * const library = client.library<{ color: string; season: string; price: number }>('shop_a_tops');
 * await library.create({ mode: 'general_search' });
 */
export class Library<Tags extends TagsOf<Tags> = AnyTags> {
  readonly name: string;
  /**
   * Builds conditions of filters. It is the same as writing `{ field, op, value }`.
   *
   * @example
   * const { tag } = tops;
   * const { results } = await tops.searchByText({
   *   queryText: 'a white short-sleeve T-shirt',
   *   tagFilter: [tag('price').ge(50), { or: [tag('color').eq('red'), tag('season').like('summer')] }],
   * });
   * console.log(results.length);
   */
  readonly tag: TagTester<Tags> = tagsOf<Tags>();

  readonly #connection: Connection;

  constructor(name: string, connection: Connection) {
    this.name = name;
    this.#connection = connection;
  }

  /**
   * Makes the library. Its mode says what part of a picture counts, and cannot be changed later.
   *
   * @throws {ApiError} `LIBRARY_ALREADY_EXISTS`.
   * @example
   * await tops.create({ mode: 'general_search', description: 'Tops of shop A' });
   */
  create(request: CreateLibraryRequest, options?: CallOptions): Promise<LibraryInfo> {
    return this.#ask('library/create', request, options);
  }

  /**
   * The library's mode, number of pictures, size, and languages of texts.
   *
   * @throws {ApiError} `LIBRARY_NOT_FOUND`, as everything else here does where the library is not there.
   * @example
   * const { mode, imageCount, textLanguages } = await tops.info();
   * console.log(mode, imageCount, textLanguages);
   */
  async info(options?: CallOptions): Promise<LibraryInfo> {
    const subject = { ...options, connection: this.#connection, subject: this.name };
    return (await askOperator('library/info', {}, subject)) as LibraryInfo;
  }

  /**
   * Changes settings of the library; those not named stay as they are.
   *
   * @example
   * await tops.configure({ description: 'Tops of shop A, this season', qps: 20 });
   */
  configure(request: LibrarySettings, options?: CallOptions): Promise<LibraryInfo> {
    return this.#ask('library/update', request, options);
  }

  /**
   * Removes the library with all its pictures.
   *
   * @example
   * const { deletedImages } = await tops.delete();
   * console.log(deletedImages);
   */
  delete(options?: CallOptions): Promise<DeletedLibrary> {
    return this.#ask('library/delete', {}, options);
  }

  /**
   * Adds a picture, or replaces the one with the same `imageId` and `imageUri`. The next search finds it.
   *
   * @throws {ApiError} `INVALID_IMAGE`; `NO_ITEM_DETECTED` in item_search.
   * @example
   * await tops.add({
   *   imageId: 'img001',
   *   imageUri: 'https://example.com/tops/img001.jpg',
   *   image: fromFile('img001.jpg'),
   *   tags: { color: 'white', season: 'summer', price: 89 },
   * });
   */
  async add(
    request: AddLibraryImageRequest<Tags>,
    options?: CallOptions,
  ): Promise<TaggedLibraryImage<Tags>> {
    const { image, ...rest } = request;
    const picture = isAddress(image) ? { imageUrl: image.href } : await this.#written(image);
    return this.#ask('image/add', { ...rest, ...picture }, options);
  }

  /**
   * Changes a picture's tags: all of them, or with `merge` those that are named.
   *
   * @throws {ApiError} `IMAGE_NOT_FOUND`.
   * @example
   * const front = { imageId: 'img001', imageUri: 'https://example.com/tops/img001.jpg' };
   * await tops.update({ ...front, tags: { price: 79 }, merge: true });
   */
  update(
    request: UpdateLibraryImageRequest<Tags>,
    options?: CallOptions,
  ): Promise<TaggedLibraryImage<Tags>> {
    return this.#ask('image/update', request, options);
  }

  /**
   * Removes one picture, all of an `imageId`, or all that a filter matches. Removing nothing is no error.
   *
   * @example
   * await tops.remove({ imageId: 'img001', imageUri: 'https://example.com/tops/img001.jpg' });
   * await tops.remove({ imageId: 'img001' });
   * const { deletedCount } = await tops.remove({ tagFilter: tops.tag('season').eq('winter') });
   * console.log(deletedCount);
   */
  async remove(
    selection: LibraryImageSelection<Tags>,
    options?: CallOptions,
  ): Promise<RemovedLibraryImages> {
    // Left out it means all of the imageId, which whoever has lost a value does not.
    if ('imageUri' in selection && typeof selection.imageUri !== 'string') {
      throw new TypeError('"imageUri" must be a string, or left out');
    }
    return this.#ask('image/delete', selection, options);
  }

  /**
   * One picture, or undefined if it is not there.
   *
   * @example
   * const image = await tops.get({ imageId: 'img001', imageUri: 'https://example.com/tops/img001.jpg' });
   * console.log(image?.tags.color);
   */
  async get(
    { imageId, imageUri, ...shown }: LibraryImageKey & ShownPictures,
    options?: CallOptions,
  ): Promise<ListedLibraryImage<Tags> | undefined> {
    try {
      const { images } = await this.query({ imageId, imageUri, ...shown }, options);
      return images[0];
    } catch (error) {
      if (ApiError.is(error) && error.code === 'IMAGE_NOT_FOUND') return undefined;
      throw error;
    }
  }

  /**
   * One page of the pictures of an `imageId`, or of those that a filter matches, without comparing any.
   *
   * @example
   * const { images, total } = await tops.query({ tagFilter: tops.tag('price').lt(50), returnFrame: false });
   * for (const { imageUri, tags } of images) console.log(imageUri, tags.price, 'of', total);
   */
  query(
    request: QueryLibraryImagesRequest<Tags>,
    options?: CallOptions,
  ): Promise<ListLibraryImagesAnswer<Tags>> {
    return this.#ask('image/query', request, options);
  }

  /**
   * All pictures that {@link query} selects, however many: it asks for the next page as you go. To change them on the
   * way, collect their names first: pages shift when what they hold no longer passes.
   *
   * @example
   * const cheap = { tagFilter: tops.tag('price').lt(50), returnFrame: false };
   * for await (const { imageId, tags } of tops.queryAll(cheap)) console.log(imageId, tags.price);
   */
  queryAll(
    request: QueryLibraryImagesRequest<Tags>,
    options?: CallOptions,
  ): AsyncGenerator<ListedLibraryImage<Tags>, void, undefined> {
    return readNumberedPages(request, async (window) => {
      const { images, total } = await this.query({ ...request, ...window }, options);
      return { items: images, total };
    });
  }

  /**
   * One page of the library's pictures, in a stable order. {@link listAll} gives them all.
   *
   * @example
   * const { images, total } = await tops.list({ pageSize: 100 });
   * console.log(images.length, 'of', total);
   */
  list(
    request: ListLibraryImagesRequest = {},
    options?: CallOptions,
  ): Promise<ListLibraryImagesAnswer<Tags>> {
    return this.#ask('image/list', request, options);
  }

  /**
   * All pictures of the library, however many: it asks for the next page as you go. What is added or removed meanwhile
   * may be told twice, or push another picture off its page.
   *
   * @example
   * for await (const { imageId, imageUri, tags } of tops.listAll()) console.log(imageId, imageUri, tags);
   */
  listAll(
    request: Omit<ListLibraryImagesRequest, 'page'> = {},
    options?: CallOptions,
  ): AsyncGenerator<ListedLibraryImage<Tags>, void, undefined> {
    return readNumberedPages(request, async (window) => {
      const { images, total } = await this.list({ ...request, ...window }, options);
      return { items: images, total };
    });
  }

  /**
   * Finds what looks like a picture, best first.
   *
   * @example
   * const { results, total } = await tops.searchByImage({
   *   image: fromFile('query.jpg'),
   *   topK: 5,
   *   tagFilter: [
   *     { field: 'color', op: 'in', value: ['red', 'blue'] },
   *     { field: 'season', op: '=', value: 'summer' },
   *   ],
   *   returnFrame: false,
   * });
   * for (const { imageId, score, tags } of results) console.log(imageId, score, tags.price);
   * console.log('of', total);
   */
  async searchByImage(
    { image, ...request }: SearchLibraryByImageRequest<Tags>,
    options?: CallOptions,
  ): Promise<LibrarySearchAnswer<Tags>> {
    return this.#ask('search/by-image', { ...request, ...(await this.#written(image)) }, options);
  }

  /**
   * Finds what a text says, best first, in a library of mode general_search.
   *
   * @throws {ApiError} `MODE_NOT_SUPPORTED` in the other modes.
   * @example
   * const { results, matchedBy } = await tops.searchByText({ queryText: '白色短袖T恤', topK: 20 });
   * console.log(results[0]?.imageId, matchedBy);
   */
  searchByText(
    request: SearchLibraryByTextRequest<Tags>,
    options?: CallOptions,
  ): Promise<LibraryTextSearchAnswer<Tags>> {
    return this.#ask('search/by-text', request, options);
  }

  /**
   * Finds what looks like a picture and is what a text says: this shirt, but in red.
   *
   * @throws {ApiError} `MODE_NOT_SUPPORTED` outside general_search; `INVALID_PARAMETER` for a text that the model does
   *   not know, because words alone do not combine with a picture.
   * @example
   * const { results } = await tops.searchByImageAndText({
   *   image: fromFile('query.jpg'),
   *   queryText: 'red',
   *   imageWeight: 0.7,
   *   textWeight: 0.3,
   * });
   * console.log(results[0]?.imageUri);
   */
  async searchByImageAndText(
    { image, ...request }: SearchLibraryByImageAndTextRequest<Tags>,
    options?: CallOptions,
  ): Promise<LibraryTextSearchAnswer<Tags>> {
    const fields = { ...request, ...(await this.#written(image)) };
    return this.#ask('search/by-image-and-text', fields, options);
  }

  /**
   * Finds what looks like a stored picture. The picture itself comes first.
   *
   * @throws {ApiError} `IMAGE_NOT_FOUND`.
   * @example
   * const front = { imageId: 'img001', imageUri: 'https://example.com/tops/img001.jpg' };
   * const { results } = await tops.similar({ ...front, distinct: true, returnFrame: false });
   * console.log(results.map(({ imageId }) => imageId));
   */
  similar(
    request: SearchLibrarySimilarRequest<Tags>,
    options?: CallOptions,
  ): Promise<LibrarySearchAnswer<Tags>> {
    return this.#ask('search/similar', request, options);
  }

  async #written(image: PictureContent): Promise<{ readonly imageBase64: string }> {
    return { imageBase64: await readPicture(image, tooLarge) };
  }

  async #ask<Answer>(
    operation: OperationName,
    request: object,
    options?: CallOptions,
  ): Promise<Answer> {
    const fields = { libraryName: this.name, ...request };
    const call = { ...options, connection: this.#connection };
    // The answer is trusted to be what the API says, and the tags to be of the types it was told.
    return (await askOperator(operation, fields, call)) as Answer;
  }
}

function tooLarge(): ApiError {
  return new ApiError('INVALID_IMAGE', { status: 400, message: 'image: expected at most 4 MiB' });
}

/** A `URL`, of whichever window it is. */
function isAddress(image: PictureContent | URL): image is URL {
  return typeof image === 'object' && image !== null && 'href' in image;
}
