/**
 * Searches an instance by a picture: the ten products that look most like it.
 *
 *     npm run build && node examples/dist/search-by-picture.js shoes query.jpg
 */
import { ImageSearchClient } from '@likeness/sdk';
import { fromFile } from '@likeness/sdk/node';

const [instanceName = 'shoes', file = 'query.jpg'] = process.argv.slice(2);
const client = new ImageSearchClient({
  endpoint: process.env['LIKENESS_ENDPOINT'] ?? 'http://127.0.0.1:8000',
  accessKeyId: process.env['LIKENESS_ACCESS_KEY_ID'] ?? '',
  accessKeySecret: process.env['LIKENESS_ACCESS_KEY_SECRET'] ?? '',
});

const { auctions, head, picInfo } = await client.searchImageByPic({
  instanceName,
  picContent: fromFile(file),
  distinctProductId: true,
});
console.log(`looked at ${picInfo.region}, found ${head.docsFound} in ${head.searchTime} ms`);
console.table(auctions.map(({ score, productId, picName }) => ({ score, productId, picName })));
