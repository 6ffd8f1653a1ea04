import { ApiError } from '@likeness/shared/errors';
import { z } from 'zod';

import type { CollectionInfo, ListResult, StoredImage } from '../../catalog/catalog.ts';
import type { ActionServices, CallContext } from '../action.ts';
import { callOptions } from '../instance.ts';
import { page, pageSize, returnFrame, thumbnailWidth } from './fields.ts';
import { imagesAnswer } from './image-list.ts';
import {
  checkSelection,
  readSelection,
  selectionFields,
  type SelectedImages,
} from './image-selection.ts';
import { createImageFormatter } from './images.ts';
import { findLibraryForWork } from './library.ts';
import { defineOperation, type LibraryOperation } from './operation.ts';

const request = z
  .strictObject({
    ...selectionFields,
    page,
    page_size: pageSize,
    return_frame: returnFrame.default(true),
    thumbnail_width: thumbnailWidth.optional(),
  })
  .check(checkSelection)
  .meta({ id: 'QueryImages' });

/** Images read at once while those of one image_id are counted. */
const STEP = 100;

interface Window {
  readonly start: number;
  readonly num: number;
}

/** Tells what is stored under a key, under an image_id, or passes a filter. */
export const queryLibraryImages: LibraryOperation = defineOperation({
  method: 'POST',
  path: 'image/query',
  summary: 'Find images by name or by tags',
  role: 'read',
  request,
  answer: imagesAnswer,
  work: async (given, call, services) => {
    const library = findLibraryForWork(given.library_name, services, 'search');
    const format = await createImageFormatter(library, given, { caller: call.caller, services });
    const window = { start: (given.page - 1) * given.page_size, num: given.page_size };
    const select = selectorOf({ library, call, services });
    const { images, found } = await select(readSelection(given), window);
    return { images: images.map(format.listed), total: found };
  },
});

function selectorOf({
  library,
  call,
  services: { catalog },
}: {
  readonly library: CollectionInfo;
  readonly call: CallContext;
  readonly services: ActionServices;
}): (selected: SelectedImages, window: Window) => Promise<ListResult> {
  const options = callOptions(call);
  const ofProduct = async (productId: string, { start, num }: Window): Promise<ListResult> => {
    const images: StoredImage[] = [];
    for (let after = { productId, picName: '' }; ;) {
      const list = await catalog.list(library, { after, start: 0, num: STEP }, options);
      const own = list.images.filter((image) => image.productId === productId);
      images.push(...own);
      const last = own.at(-1);
      if (own.length < STEP || last === undefined) break;
      after = { productId, picName: last.picName };
    }
    return { images: images.slice(start, start + num), found: images.length };
  };
  return async (selected, window) => {
    if (selected.kind === 'filter') {
      return catalog.list(library, { filter: selected.filter, ...window }, options);
    }
    if (selected.kind === 'product') return ofProduct(selected.productId, window);
    const image = await catalog.getImage(library, selected);
    if (image === undefined) throw new ApiError('PicNotExist');
    return { images: [image].slice(window.start), found: 1 };
  };
}
