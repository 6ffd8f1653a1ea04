import { readdir } from 'node:fs/promises';
import { basename, join, parse, relative, sep } from 'node:path';

import { HITS } from './shop.ts';
import type { PlannedSearch, Shop, ShopPicture } from './shop.ts';

const PICTURE_NAME = /\.(jpe?g|png|webp|gif|tiff?|bmp|ppm)$/i;
/** Searches of each sort. */
const SEARCHES = 8;

const NOTES = {
  'By picture':
    'Each picture searched with, in the product instance: it should find itself, then what looks like it.',
  'By name': 'The same by the name of a stored picture, in the generic instance.',
} as const;

/**
 * The pictures of a user's folder. A file is a product named by it; files of a folder inside are views of one product.
 *
 * @throws {Error} where there is no picture
 */
export async function loadFolderShop(folder: string): Promise<Shop> {
  const names = await readdir(folder, { recursive: true });
  const pictures = names
    .filter((name) => PICTURE_NAME.test(name))
    .sort()
    .map((name) => readPicture(folder, join(folder, name)));
  if (pictures.length === 0) throw new Error(`no picture in "${folder}"`);
  const step = Math.max(1, Math.floor(pictures.length / SEARCHES));
  const chosen = pictures.filter((_, at) => at % step === 0).slice(0, SEARCHES);
  return { pictures, searches: chosen.flatMap(planSearches), notes: NOTES };
}

function readPicture(folder: string, path: string): ShopPicture {
  const [first = '', ...rest] = relative(folder, path).split(sep);
  const productId = rest.length === 0 ? parse(path).name : first;
  const picName = rest.length === 0 ? basename(path) : rest.join('/');
  return {
    path,
    productId,
    picName,
    attributes: { customContent: JSON.stringify({ name: productId }) },
  };
}

function planSearches(picture: ShopPicture): PlannedSearch[] {
  const { path, productId, picName } = picture;
  const shared = { title: `${productId} · ${picName}`, expected: productId };
  return [
    {
      ...shared,
      section: 'By picture',
      by: { kind: 'picture', path },
      instanceName: 'shop',
      fields: { distinctProductId: true, num: HITS },
    },
    {
      ...shared,
      section: 'By name',
      by: { kind: 'name', picture },
      instanceName: 'pictures',
      fields: { num: HITS },
    },
  ];
}
