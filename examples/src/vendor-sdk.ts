/**
 * The vendor's own SDK, unmodified, against Likeness: only endpoint, protocol and key are other ones.
 *
 *     npm run build && node examples/dist/vendor-sdk.js shoes query.jpg
 */
import { readFile } from 'node:fs/promises';

import imagesearch, { SearchImageByPicRequest } from '@alicloud/imagesearch20201214';
import { $OpenApiUtil } from '@alicloud/openapi-core';

const [instanceName = 'shoes', file = 'query.jpg'] = process.argv.slice(2);
const endpoint = new URL(process.env['LIKENESS_ENDPOINT'] ?? 'http://127.0.0.1:8000');

const client = new imagesearch.default(
  new $OpenApiUtil.Config({
    endpoint: endpoint.host,
    protocol: endpoint.protocol.replace(':', ''),
    accessKeyId: process.env['LIKENESS_ACCESS_KEY_ID'],
    accessKeySecret: process.env['LIKENESS_ACCESS_KEY_SECRET'],
  }),
);

const { body } = await client.searchImageByPic(
  new SearchImageByPicRequest({ instanceName, picContent: await readFile(file, 'base64'), num: 5 }),
);
for (const hit of body?.auctions ?? []) console.log(hit.score, hit.productId, hit.picName);
