/**
 * Lists the red shoes of two sizes; then shows what a filter with a mistake in it is told.
 *
 *     npm run build && node examples/dist/search-by-filter.js shoes
 */
import { and, ApiError, ImageSearchClient, int, str } from '@likeness/sdk';

const [instanceName = 'shoes'] = process.argv.slice(2);
const client = new ImageSearchClient({
  endpoint: process.env['LIKENESS_ENDPOINT'] ?? 'http://127.0.0.1:8000',
  accessKeyId: process.env['LIKENESS_ACCESS_KEY_ID'] ?? '',
  accessKeySecret: process.env['LIKENESS_ACCESS_KEY_SECRET'] ?? '',
});

const { auctions, head } = await client.searchImageByFilter({
  instanceName,
  // Text does too: 'int_attr in (41, 42) and str_attr = "red"'.
  filter: and(int('int_attr').in([41, 42]), str('str_attr').eq('red')),
});
console.log(`${head.docsFound} red shoes`);
console.table(auctions.map(({ productId, picName, intAttr }) => ({ productId, picName, intAttr })));

try {
  await client.searchImageByFilter({ instanceName, filter: 'int_attr in 41' });
} catch (error) {
  if (!(error instanceof ApiError)) throw error;
  console.log(`${error.code} (request ${error.requestId}): ${error.message}`);
}
