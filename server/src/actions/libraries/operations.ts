import { addLibraryImage } from './image-add.ts';
import { deleteLibraryImages } from './image-delete.ts';
import { listLibraryImages } from './image-list.ts';
import { queryLibraryImages } from './image-query.ts';
import { updateLibraryImage } from './image-update.ts';
import { createLibrary } from './library-create.ts';
import { deleteLibrary } from './library-delete.ts';
import { getLibrary } from './library-info.ts';
import { listLibraries } from './library-list.ts';
import { updateLibrary } from './library-update.ts';
import type { LibraryOperation } from './operation.ts';
import { searchByImageAndText } from './search-by-image-and-text.ts';
import { searchByImage } from './search-by-image.ts';
import { searchByText } from './search-by-text.ts';
import { searchSimilar } from './search-similar.ts';

/** The whole operator API, in the order in which its document tells it. */
export const LIBRARY_OPERATIONS: readonly LibraryOperation[] = [
  searchByImage,
  searchByText,
  searchByImageAndText,
  searchSimilar,
  createLibrary,
  listLibraries,
  getLibrary,
  updateLibrary,
  deleteLibrary,
  addLibraryImage,
  updateLibraryImage,
  deleteLibraryImages,
  queryLibraryImages,
  listLibraryImages,
];
