/**
 * Creates an instance, unless it is there, and adds a picture to it.
 *
 *     npm run build && node examples/dist/add.js shoes p1 shoe.jpg
 *
 * The key is read from LIKENESS_ACCESS_KEY_ID and LIKENESS_ACCESS_KEY_SECRET, the server from LIKENESS_ENDPOINT.
 */
import { basename } from 'node:path';

import { ApiError, ImageSearchClient } from '@likeness/sdk';
import { fromFile } from '@likeness/sdk/node';

const [instanceName = 'shoes', productId = 'p1', file = 'shoe.jpg'] = process.argv.slice(2);
const client = new ImageSearchClient({
  endpoint: process.env['LIKENESS_ENDPOINT'] ?? 'http://127.0.0.1:8000',
  accessKeyId: process.env['LIKENESS_ACCESS_KEY_ID'] ?? '',
  accessKeySecret: process.env['LIKENESS_ACCESS_KEY_SECRET'] ?? '',
});

try {
  // As 'product', and searched by text as well.
  await client.createInstance({ instanceName, serviceType: 'multimodal' });
} catch (error) {
  if (!(error instanceof ApiError) || error.code !== 'InstanceAlreadyExists') throw error;
}

const { picInfo } = await client.addImage({
  instanceName,
  productId,
  picName: basename(file),
  picContent: fromFile(file),
  intAttr: 42,
  strAttr: 'red',
  customContent: JSON.stringify({ title: 'A red shoe' }),
});
console.log(`added, category ${picInfo.categoryId}, subject at ${picInfo.region}`);
