import { createHash } from 'node:crypto';
import { readFile, readdir, stat } from 'node:fs/promises';
import { extname } from 'node:path';

import { beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';

import { CATALOGUE_FOLDER, loadManifest } from '../../src/catalogue/manifest.ts';
import type { Manifest } from '../../src/catalogue/manifest.ts';
import { PRODUCTS } from '../../src/catalogue/products/products.ts';
import { encodePicture } from '../../src/catalogue/studio/encode-picture.ts';
import { readPlainPicture } from '../../src/demo/read-plain-picture.ts';

const MIN_SIDE_PX = 100;
const MAX_BYTES = 8 * 1024 * 1024;
const VENDOR_CATEGORIES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 21, 22, 88888888];

let manifest: Manifest;
let files: string[];

beforeAll(async () => {
  manifest = await loadManifest();
  const folders = await Promise.all(
    ['pictures', 'queries'].map(async (folder) => {
      const names = await readdir(new URL(folder, CATALOGUE_FOLDER));
      return names.map((name) => `${folder}/${name}`);
    }),
  );
  files = folders.flat().sort();
});

const read = (file: string): Promise<Buffer> => readFile(new URL(file, CATALOGUE_FOLDER));

/** Decodes every pixel. */
async function decode(file: string): Promise<{ width: number; height: number }> {
  const bytes = await read(file);
  const plain = readPlainPicture(bytes);
  const image = plain === undefined ? sharp(bytes) : sharp(plain.data, { raw: plain.raw });
  return (await image.toBuffer({ resolveWithObject: true })).info;
}

describe('the sample catalogue', () => {
  test('has the files that its manifest names, and no others', () => {
    const named = [...manifest.pictures, ...manifest.queries].map(({ file }) => file);
    expect([...new Set(named)].sort()).toEqual(files);
  });

  test('has no picture twice, a query least of all', async () => {
    const digests = await Promise.all(
      files.map(async (file) =>
        createHash('sha256')
          .update(await read(file))
          .digest('hex'),
      ),
    );
    expect(new Set(digests).size).toBe(files.length);
  });

  test('has every format, and a picture in each file that decodes', async () => {
    const formats = new Set(manifest.pictures.map(({ file }) => extname(file)));
    expect([...formats].sort()).toEqual(['.bmp', '.gif', '.jpg', '.png', '.ppm', '.tiff', '.webp']);
    for (const file of files) {
      const { width, height } = await decode(file);
      expect({ file, isLargeEnough: Math.min(width, height) >= MIN_SIDE_PX }).toEqual({
        file,
        isLargeEnough: true,
      });
    }
  });

  test('stays small enough to be part of a package', async () => {
    const sizes = await Promise.all(
      files.map(async (file) => (await stat(new URL(file, CATALOGUE_FOLDER))).size),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(MAX_BYTES);
  });

  test('shows each of at least 60 products in at least two views, over all categories', () => {
    const views = (id: string): number =>
      manifest.pictures.filter(({ productId }) => productId === id).length;
    expect(manifest.products.length).toBeGreaterThanOrEqual(60);
    expect(manifest.products.filter(({ productId }) => views(productId) < 2)).toEqual([]);
    const categories = new Set(manifest.products.map(({ categoryId }) => categoryId));
    expect([...categories].sort((one, two) => one - two)).toEqual(VENDOR_CATEGORIES);
  });

  test('tells of the products that the script draws, and asks for none but those', () => {
    const ids = manifest.products.map(({ productId }) => productId);
    expect(ids).toEqual(PRODUCTS.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    const wanted = [...manifest.pictures, ...manifest.queries].map(({ productId }) => productId);
    expect(wanted.filter((id) => !ids.includes(id))).toEqual([]);
  });
});

describe('the plain formats', () => {
  /** An odd width, so that BMP rows need filling. */
  const width = 5;
  const height = 3;
  const data = Uint8Array.from({ length: width * height * 4 }, (_, at) =>
    at % 4 === 3 ? 255 : (at * 37) % 256,
  );

  test.each(['bmp', 'ppm'] as const)('%s is read as it was written', async (format) => {
    const file = Buffer.from(await encodePicture({ width, height, data }, format));
    const picture = readPlainPicture(file);
    expect(picture?.raw).toEqual({ width, height, channels: 3 });
    expect([...(picture?.data ?? [])]).toEqual([...data].filter((_, at) => at % 4 !== 3));
  });
});
