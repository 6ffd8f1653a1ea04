/**
 * Adds a picture to an image library four times, with other tags each time, and shows what each kind of filter lets
 * through; then what a filter with a mistake in it is told.
 *
 *     npm run build && node examples/dist/tag-filters.js general_clothing shirt.jpg
 *
 * No key is needed where the server and this script are on one machine.
 */
import { ApiError, ImageSearchClient } from '@likeness/sdk';
import type { TagFilter } from '@likeness/sdk';
import { fromFile } from '@likeness/sdk/node';

interface Clothing {
  readonly category: string;
  readonly color: string;
  readonly season: string;
  readonly price: number;
}

const [libraryName = 'general_clothing', file = 'shirt.jpg'] = process.argv.slice(2);
const client = new ImageSearchClient({
  endpoint: process.env['LIKENESS_ENDPOINT'] ?? 'http://127.0.0.1:8000',
  accessKeyId: process.env['LIKENESS_ACCESS_KEY_ID'],
  accessKeySecret: process.env['LIKENESS_ACCESS_KEY_SECRET'],
});
const library = client.library<Clothing>(libraryName);

const STOCK: readonly (readonly [imageId: string, tags: Clothing])[] = [
  ['img001', { category: 'T-shirt', color: 'white', season: 'summer', price: 89 }],
  ['img002', { category: 'T-shirt', color: 'red', season: 'summer', price: 120 }],
  ['img003', { category: 'pants', color: 'red', season: 'winter', price: 60 }],
  ['img004', { category: 'T-shirt', color: 'beige', season: 'autumn', price: 250 }],
];

const FILTERS: Readonly<Record<string, TagFilter<Clothing>>> = {
  'red, and of the summer': [
    { field: 'color', op: '=', value: 'red' },
    { field: 'season', op: '=', value: 'summer' },
  ],
  'red, or of the summer': {
    or: [
      { field: 'color', op: '=', value: 'red' },
      { field: 'season', op: '=', value: 'summer' },
    ],
  },
  'red or of the summer, but no pants': [
    { field: 'category', op: '!=', value: 'pants' },
    {
      or: [
        { field: 'color', op: '=', value: 'red' },
        { field: 'season', op: '=', value: 'summer' },
      ],
    },
  ],
  'a white or beige T-shirt from 50 to 200': [
    { field: 'category', op: '=', value: 'T-shirt' },
    { field: 'color', op: 'in', value: ['white', 'beige'] },
    { field: 'price', op: '>=', value: 50 },
    { field: 'price', op: '<=', value: 200 },
  ],
};

try {
  await library.create({ mode: 'general_search' });
} catch (error) {
  if (!(error instanceof ApiError) || error.code !== 'LIBRARY_ALREADY_EXISTS') throw error;
}
for (const [imageId, tags] of STOCK) {
  await library.add({ imageId, imageUri: `${imageId}.jpg`, image: fromFile(file), tags });
}

for (const [meaning, tagFilter] of Object.entries(FILTERS)) {
  const { results } = await library.searchByImage({
    image: fromFile(file),
    tagFilter,
    returnFrame: false,
  });
  console.log(`${meaning}: ${results.map(({ imageId }) => imageId).join(' ')}`);
}

try {
  // TypeScript would not let it through; a filter that a user typed is another matter.
  const typed = JSON.parse('[{"field": "color", "op": "~", "value": "red"}]') as TagFilter;
  await client.library(libraryName).query({ tagFilter: typed });
} catch (error) {
  if (!(error instanceof ApiError)) throw error;
  console.log(`${error.code} (request ${error.requestId}): ${error.message}`);
}
