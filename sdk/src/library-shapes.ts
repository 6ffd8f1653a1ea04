import type { LibraryMode } from '@likeness/shared/api';
import type { Attributes, AttributeValue, TagFilter } from '@likeness/shared/filter';

import type { PictureContent } from './picture-content.ts';

/** Tags of any name: what a library has unless {@link Library} is told more. */
export type AnyTags = Attributes;

/** An object or interface whose every field may be a tag: a string, a number, a boolean, or an array of them. */
export type TagsOf<Tags> = { readonly [Name in keyof Tags]: AttributeValue | undefined };

/** What an administrator may say of a library, and change. */
export interface LibrarySettings {
  /** For people. */
  readonly description?: string;
  /** Images it may hold. */
  readonly capacity?: number;
  /** Searches a second; 0, the default, is unlimited. */
  readonly qps?: number;
  /** Adds a second; 0, the default, is unlimited. */
  readonly addQps?: number;
  /** Deletes and updates a second, together; 0, the default, is unlimited. */
  readonly deleteQps?: number;
}

export interface CreateLibraryRequest extends LibrarySettings {
  /**
   * What a library looks at: the item in a picture (`item_search`), the whole picture, which alone can be searched by
   * text (`general_search`), or the item if one is clear and else the whole (`adaptive_search`). Cannot be changed later.
   */
  readonly mode: LibraryMode;
}

export interface LibraryInfo extends Required<LibrarySettings> {
  readonly libraryName: string;
  readonly mode: LibraryMode;
  readonly imageCount: number;
  readonly storedBytes: number;
  /** Languages it can be searched in; none where it cannot be searched by text. */
  readonly textLanguages: readonly string[];
  /** `embedding`: another model is in use, and looks at the kept pictures again. */
  readonly status: 'ready' | 'clearing' | 'embedding';
  /** Images that wait for that. */
  readonly unembeddedCount: number;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. */
  readonly updatedAt: string;
}

/** A page of a listing. */
export interface NumberedPage {
  /** From 1, the default. */
  readonly page?: number;
  /** 1 to 100. Default 20. */
  readonly pageSize?: number;
}

export interface DeletedLibrary {
  readonly libraryName: string;
  /** How many pictures went with it. */
  readonly deletedImages: number;
}

export interface ListLibrariesRequest extends NumberedPage {
  readonly namePrefix?: string;
}

export interface ListLibrariesAnswer {
  readonly libraries: readonly LibraryInfo[];
  /** On all pages. */
  readonly total: number;
}

/** Names a picture: `imageId` may have several, told apart by `imageUri`. */
export interface LibraryImageKey {
  readonly imageId: string;
  /** Any text: an address, a file's name. It is answered as it was given. */
  readonly imageUri: string;
}

export type AddLibraryImageRequest<Tags> = LibraryImageKey & {
  /** The picture itself, or a `URL` that the server fetches it from, if it is allowed to. */
  readonly image: PictureContent | URL;
  /** Whether the picture is kept, to be answered with hits. Default true. */
  readonly saveImage?: boolean;
} & GivenTags<Tags>;

/** May be left out where no tag has to be there. */
type GivenTags<Tags> =
  HasRequired<Tags> extends true ? { readonly tags: Tags } : { readonly tags?: Tags };

type HasRequired<Tags> = string extends keyof Tags
  ? false
  : Partial<Tags> extends Tags
    ? false
    : true;

/** New tags: in place of all the old ones, or, with `merge`, of those that are named. */
export type UpdateLibraryImageRequest<Tags> = LibraryImageKey &
  (
    | { readonly tags: Tags; readonly merge?: false }
    | { readonly tags: Partial<Tags>; readonly merge: true }
  );

/** One picture, all of an `imageId`, or all that a filter matches. */
export type LibraryImageSelection<Tags> =
  | { readonly imageId: string; readonly imageUri?: string; readonly tagFilter?: never }
  | { readonly tagFilter: TagFilter<Tags>; readonly imageId?: never; readonly imageUri?: never };

export interface RemovedLibraryImages {
  readonly deletedCount: number;
}

/** A picture as it stands after a write. */
export interface TaggedLibraryImage<Tags> extends LibraryImageKey {
  readonly tags: Tags;
}

/** What an answer shows of pictures, beside their names and tags. */
export interface ShownPictures {
  /** Whether `imageBase64` is answered. */
  readonly returnFrame?: boolean;
  /** Answers `thumbnailUrl`, a presigned path to a WEBP that fits into a square of so many pixels. */
  readonly thumbnailWidth?: number;
}

/** Pictures themselves are answered only if `returnFrame` is true. */
export interface ListLibraryImagesRequest extends NumberedPage, ShownPictures {}

/** Pictures themselves are answered unless `returnFrame` is false. */
export type QueryLibraryImagesRequest<Tags> = LibraryImageSelection<Tags> &
  NumberedPage &
  ShownPictures;

/** What every search takes beside what is searched by. */
export interface LibrarySearchOptions<Tags> extends ShownPictures {
  /** Hits wanted, 1 to 100. Default 10. */
  readonly topK?: number;
  /** Hits left out before the first. */
  readonly start?: number;
  /** A condition, a list (and), `{ or: […] }` or `{ and: […] }`, nested; {@link Library.tag} builds conditions. */
  readonly tagFilter?: TagFilter<Tags>;
  /** Only hits with at least this score, 0 to 1. */
  readonly scoreThreshold?: number;
  /** One hit an `imageId`, its best. */
  readonly distinct?: boolean;
  /** Answers the cosine that the score was made of. */
  readonly rawScore?: boolean;
}

export interface SearchLibraryByImageRequest<Tags> extends LibrarySearchOptions<Tags> {
  readonly image: PictureContent;
}

export interface SearchLibraryByTextRequest<Tags> extends LibrarySearchOptions<Tags> {
  readonly queryText: string;
}

export interface SearchLibraryByImageAndTextRequest<Tags> extends LibrarySearchOptions<Tags> {
  readonly image: PictureContent;
  readonly queryText: string;
  /** How much each counts; only their ratio matters. */
  readonly imageWeight?: number;
  readonly textWeight?: number;
}

export interface SearchLibrarySimilarRequest<Tags>
  extends LibrarySearchOptions<Tags>, LibraryImageKey {}

/** A stored picture. */
export interface LibraryImage<Tags> extends LibraryImageKey {
  /** Byte for byte as it was given; null if it was not asked for, or not kept. */
  readonly imageBase64: string | null;
  readonly tags: Tags;
  /** Only if `thumbnailWidth` was given, and the picture is kept. */
  readonly thumbnailUrl?: string;
}

/** A picture as listings show it. */
export interface ListedLibraryImage<Tags> extends LibraryImage<Tags> {
  /** When it was added last, in ISO 8601. */
  readonly addedAt: string;
}

export interface ListLibraryImagesAnswer<Tags> {
  readonly images: readonly ListedLibraryImage<Tags>[];
  /** On all pages. */
  readonly total: number;
}

export interface LibraryHit<Tags> extends LibraryImage<Tags> {
  /** 0 to 1: above 0.9 nearly the same, 0.7 to 0.9 clearly similar. */
  readonly score: number;
  /** Only if it was asked for. */
  readonly rawScore?: number;
}

export interface LibrarySearchAnswer<Tags> {
  /** Best first. */
  readonly results: readonly LibraryHit<Tags>[];
  /** How many images pass filter, threshold and distinct, those of other pages too. */
  readonly total: number;
}

export interface LibraryTextSearchAnswer<Tags> extends LibrarySearchAnswer<Tags> {
  /** `words` where the text is unknown to the model, and its words were looked for in tags and names. */
  readonly matchedBy: 'embedding' | 'words';
  /** Words of the text that the model does not know; absent where it knows all. */
  readonly unknownWords?: readonly string[];
}
