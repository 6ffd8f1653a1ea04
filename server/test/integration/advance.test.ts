/** The vendor's stream uploads, by his own SDKs against a server as an operator starts it. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { API_VERSIONS } from '@likeness/shared/api';

import { launchServer, type LaunchedServer } from '../support/launched-server.ts';
import { drawTexture } from '../support/textured-picture.ts';
import { addressOf, upload, type Ticket } from '../support/upload-forms.ts';
import {
  openAdvanceSdk,
  openPopCore,
  targetOf,
  type Body,
  type VendorTarget,
} from '../support/vendor-clients.ts';

const OPEN_PLATFORM = API_VERSIONS.OPEN_PLATFORM;
const KEY = { instanceName: 'demo', productId: 'p' };

let server: LaunchedServer;
let plain: VendorTarget;
let secure: VendorTarget;
let pictures: readonly Buffer[];

beforeAll(async () => {
  server = await launchServer();
  plain = await targetOf(server);
  secure = { ...plain, endpoint: plain.endpoint.replace(/^http/u, 'https') };
  pictures = await Promise.all([1, 2].map((seed) => drawTexture(seed)));
  const instance = { instanceName: 'demo', serviceType: 'generic' };
  await openPopCore(plain, 'POST').call('CreateInstance', instance, API_VERSIONS.ADMINISTRATION);
});
afterAll(() => server.stop());

const stream = (picture: number): Readable => Readable.from([pictures[picture]]);
const portOf = ({ endpoint }: VendorTarget): number => Number(new URL(endpoint).port);

const WAYS: readonly [string, () => VendorTarget, 'v2' | undefined][] = [
  ['all over TLS', () => secure, undefined],
  ['calls plain, the upload over TLS', () => plain, undefined],
  ['RPC v1, over TLS', () => secure, 'v2'],
];

describe.each(WAYS)('the newest Node SDK, %s', (name, target, algorithm) => {
  test('adds, finds and compares streams', async () => {
    const sdk = openAdvanceSdk(target(), algorithm);
    const added = await sdk.call('AddImage', {
      ...KEY,
      picName: name,
      intAttr: 7,
      picContentObject: stream(0),
    });
    expect(added).toMatchObject({
      success: true,
      code: 0,
      picInfo: { region: expect.any(String) },
    });
    const found = await sdk.call('SearchImageByPic', {
      instanceName: 'demo',
      picContentObject: stream(0),
      filter: 'int_attr = 7',
    });
    expect((found['auctions'] as readonly Body[])[0]).toMatchObject({ productId: 'p', score: 1 });
    const compared = await sdk.call('CompareSimilarByImage', {
      primaryPicContentObject: stream(0),
      secondaryPicContentObject: stream(0),
      instanceName: 'demo',
    });
    expect(compared).toMatchObject({ success: true, score: 1 });
  });
});

test.each(['GET', 'POST'] as const)(
  'pop-core uploads over plain HTTP, asking by %s',
  async (method) => {
    const client = openPopCore(plain, method);
    const asked = await client.call(
      'AuthorizeFileUpload',
      { product: 'ImageSearch' },
      OPEN_PLATFORM,
    );
    const ticket = Object.fromEntries(
      Object.entries(asked).map(([field, value]) => [
        field[0]!.toUpperCase() + field.slice(1),
        value,
      ]),
    ) as unknown as Ticket;
    expect(ticket).toMatchObject({
      Bucket: '127',
      Endpoint: `0.0.1:${portOf(plain)}`,
      UseAccelerate: false,
    });
    expect(await upload(portOf(plain), ticket, pictures[1]!)).toMatchObject({ status: 201 });
    const picContent = addressOf(ticket);
    const added = await client.call('AddImage', { ...KEY, picName: method, picContent });
    expect(added).toMatchObject({ success: true });
    const searched = await client.call('SearchImageByPic', { instanceName: 'demo', picContent });
    expect((searched['auctions'] as readonly Body[])[0]).toMatchObject({ score: 1 });
  },
);

test('every upload is in the folder of its own, whole', async () => {
  const names = await readdir(join(server.dataDir, 'uploads'));
  expect(names.length).toBe(3 * 4 + 2);
  expect(names.filter((name) => !/^[0-9a-f]{16}-[0-9a-f]{32}-\d+-used$/u.test(name))).toEqual([]);
});
