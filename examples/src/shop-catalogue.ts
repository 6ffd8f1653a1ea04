/**
 * Puts the sample catalogue into an image library, every picture with the tags of its product, and searches it in the
 * four ways there are.
 *
 *     npm run build && node examples/dist/shop-catalogue.js shop_a 40
 *
 * The number is of products; all 113 take a while. The script may be run again: what is there is replaced.
 */
import { fileURLToPath } from 'node:url';

import { ApiError, ImageSearchClient } from '@likeness/sdk';
import type { LibraryHit } from '@likeness/sdk';
import { fromFile } from '@likeness/sdk/node';

import { CATALOGUE_FOLDER, loadManifest } from './catalogue/manifest.ts';

/** What a customer filters by. The names are what a text falls back to where the model does not know its words. */
interface ProductTags {
  readonly names: readonly string[];
  readonly category: string;
  readonly color: string;
  readonly season: string;
  readonly price: number;
}

const [libraryName = 'shop_a', count = '113'] = process.argv.slice(2);
const client = new ImageSearchClient({
  endpoint: process.env['LIKENESS_ENDPOINT'] ?? 'http://127.0.0.1:8000',
  accessKeyId: process.env['LIKENESS_ACCESS_KEY_ID'],
  accessKeySecret: process.env['LIKENESS_ACCESS_KEY_SECRET'],
});
const shop = client.library<ProductTags>(libraryName);
const { tag } = shop;
const pictureAt = (path: string) => fromFile(fileURLToPath(new URL(path, CATALOGUE_FOLDER)));

try {
  await shop.create({ mode: 'general_search', description: 'The sample catalogue' });
} catch (error) {
  if (!(error instanceof ApiError) || error.code !== 'LIBRARY_ALREADY_EXISTS') throw error;
}

const { products, pictures } = await loadManifest();
const sold = new Map(products.slice(0, Number(count)).map((each) => [each.productId, each]));
for (const { productId, file } of pictures) {
  const product = sold.get(productId);
  if (product === undefined) continue;
  const { name, nameZh, kind: category, colour: color, season, price } = product;
  const tags = { names: [name, nameZh], category, color, season, price };
  await shop.add({ imageId: productId, imageUri: file, image: pictureAt(file), tags });
}
const { imageCount, textLanguages } = await shop.info();
console.log(`${imageCount} pictures; texts in ${textLanguages.join(' and ')}`);

const [first] = pictures;
if (first === undefined) throw new Error('the catalogue is empty');
const shown = { topK: 3, distinct: true, returnFrame: false } as const;

const affordable = [
  tag('price').lt(30),
  { or: [tag('season').eq('summer'), tag('color').eq('white')] },
];
const byText = await shop.searchByText({
  queryText: 'white t-shirt',
  tagFilter: affordable,
  ...shown,
});
tell('a text, among what is affordable', byText.results);

const byImage = await shop.searchByImage({ image: pictureAt(first.file), ...shown });
tell('a picture', byImage.results);

const byBoth = await shop.searchByImageAndText({
  image: pictureAt(first.file),
  queryText: 'navy stripes',
  imageWeight: 0.6,
  textWeight: 0.4,
  ...shown,
});
tell('that picture, but with navy stripes', byBoth.results);

const similar = await shop.similar({ imageId: first.productId, imageUri: first.file, ...shown });
tell('what is like a stored picture', similar.results);

function tell(search: string, hits: readonly LibraryHit<ProductTags>[]): void {
  console.log(`by ${search}:`);
  for (const { score, imageId, tags } of hits) {
    console.log(`  ${score.toFixed(2)} ${imageId}, ${tags.color}, ${tags.price}`);
  }
}
