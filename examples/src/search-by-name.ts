/**
 * Searches an instance by one of its own pictures, page after page.
 *
 *     npm run build && node examples/dist/search-by-name.js shoes p1 shoe.jpg
 */
import { ImageSearchClient } from '@likeness/sdk';

const [instanceName = 'shoes', productId = 'p1', picName = 'shoe.jpg'] = process.argv.slice(2);
const client = new ImageSearchClient({
  endpoint: process.env['LIKENESS_ENDPOINT'] ?? 'http://127.0.0.1:8000',
  accessKeyId: process.env['LIKENESS_ACCESS_KEY_ID'] ?? '',
  accessKeySecret: process.env['LIKENESS_ACCESS_KEY_SECRET'] ?? '',
});

for await (const { auctions } of client.searchPagesByName({ instanceName, productId, picName })) {
  for (const hit of auctions) console.log(hit.score.toFixed(2), hit.productId, hit.picName);
}
