/**
 * Draws the sample catalogue: its pictures, the pictures to search with, and the manifest that tells what they show.
 * What it draws is committed; run it only to change that.
 *
 *     npm run build && node examples/dist/catalogue/draw-catalogue.js [FOLDER]
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

import { CATALOGUE_FOLDER } from './manifest.ts';
import type { CatalogueProduct, Manifest } from './manifest.ts';
import { KINDS } from './products/kinds.ts';
import type { Product } from './products/product.ts';
import { PRODUCTS } from './products/products.ts';
import { encodePicture } from './studio/encode-picture.ts';
import { photograph } from './studio/photograph.ts';
import { photographGroup, photographQuery } from './studio/photograph-query.ts';
import { planGroups, planQueries } from './studio/query-plan.ts';
import type { Box } from './studio/raster.ts';
import { planPictures } from './studio/shot-plan.ts';

function describe({
  id,
  name,
  nameZh,
  kind,
  colour,
  price,
  brand,
  season,
}: Product): CatalogueProduct {
  return {
    productId: id,
    name,
    nameZh,
    categoryId: KINDS[kind].categoryId,
    kind,
    colour,
    price,
    brand,
    season,
  };
}

async function drawPictures(folder: URL): Promise<Manifest['pictures']> {
  const pictures = [];
  for (const { product, view, shot, format } of planPictures(PRODUCTS)) {
    const file = `pictures/${product.id}-${view}.${format}`;
    const raster = await photograph(product, shot, view);
    await writeFile(new URL(file, folder), await encodePicture(raster, format));
    pictures.push({ file, productId: product.id, view });
  }
  return pictures;
}

async function drawQueries(folder: URL): Promise<Manifest['queries']> {
  const queries = [];
  for (const query of planQueries(PRODUCTS)) {
    const file = `queries/${query.style}-${query.product.id}.${query.format}`;
    await writeFile(
      new URL(file, folder),
      await encodePicture(await photographQuery(query), query.format),
    );
    queries.push({ file, productId: query.product.id, style: query.style });
  }
  return queries;
}

const writeRegion = ({ x, y, width, height }: Box): string =>
  [x, x + width, y, y + height].join(',');

async function drawGroups(folder: URL): Promise<Manifest['queries']> {
  const queries = [];
  for (const group of planGroups(PRODUCTS)) {
    const file = `queries/group-${group.name}.jpg`;
    const { picture, boxes } = await photographGroup(group);
    await writeFile(new URL(file, folder), await encodePicture(picture, 'jpg'));
    for (const [at, { id }] of group.products.entries()) {
      const box = boxes[at];
      if (box !== undefined)
        queries.push({ file, productId: id, style: 'group', region: writeRegion(box) });
    }
  }
  return queries;
}

const [target] = process.argv.slice(2);
const folder = target === undefined ? CATALOGUE_FOLDER : pathToFileURL(`${target}/`);
for (const part of ['pictures/', 'queries/']) {
  await rm(new URL(part, folder), { recursive: true, force: true });
  await mkdir(new URL(part, folder), { recursive: true });
}
const manifest: Manifest = {
  products: PRODUCTS.map(describe),
  pictures: await drawPictures(folder),
  queries: [...(await drawQueries(folder)), ...(await drawGroups(folder))],
};
await writeFile(new URL('manifest.json', folder), `${JSON.stringify(manifest, undefined, 2)}\n`);
console.log(
  `${manifest.products.length} products, ${manifest.pictures.length} pictures, ${manifest.queries.length} queries`,
);
