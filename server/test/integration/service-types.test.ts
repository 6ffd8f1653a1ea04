import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { API_VERSIONS } from '@likeness/shared/api';

import { launchServer, type LaunchedServer } from '../support/launched-server.ts';
import { drawTexture } from '../support/textured-picture.ts';
import {
  failureOf,
  openVendorSdk,
  targetOf,
  type Body,
  type VendorClient,
} from '../support/vendor-clients.ts';

let server: LaunchedServer;
let client: VendorClient;

beforeAll(async () => {
  server = await launchServer();
  client = openVendorSdk(await targetOf(server));
});

afterAll(() => server.stop());

// Name and number of each service type, and the shortest side it takes.
test.each([
  ['product', 0, 100],
  ['generic', 1, 100],
  ['fabric', 2, 448],
  ['trademark', 3, 200],
  ['copyright', 4, 100],
  ['furniture', 5, 100],
  ['hardware', 6, 100],
  ['multimodal', 8, 100],
])('%s instances are of type %i and take sides from %i to 4,096 px', async (name, id, minPx) => {
  const instance = { instanceName: `type-${id}` };
  await client.call(
    'CreateInstance',
    { ...instance, serviceType: name },
    API_VERSIONS.ADMINISTRATION,
  );
  expect(await client.call('Detail', instance)).toMatchObject({ instance: { serviceType: id } });
  const add = async (widthPx: number, heightPx: number): Promise<Body> => {
    const picContent = (await drawTexture(id, widthPx, heightPx)).toString('base64');
    const key = { ...instance, productId: 'p', picName: `${widthPx}x${heightPx}` };
    return client.call('AddImage', { ...key, picContent });
  };
  expect(await add(4096, minPx)).toMatchObject({ success: true });
  for (const [widthPx, heightPx] of [
    [minPx - 1, 500],
    [500, minPx - 1],
    [4097, minPx],
  ] as const) {
    expect(await failureOf(add(widthPx, heightPx))).toEqual(['UnsupportedPicPixels', 400]);
  }
});

test('fabric is embedded whole, unless a region is given', async () => {
  const picture = await drawTexture(1, 500);
  const request = {
    instanceName: 'type-2',
    productId: 'p',
    picName: 'whole',
    picContent: picture.toString('base64'),
    crop: true,
  };
  expect(await client.call('AddImage', request)).toMatchObject({
    picInfo: { region: '0,500,0,500' },
  });
  expect(await client.call('AddImage', { ...request, region: '1,450,2,451' })).toMatchObject({
    picInfo: { region: '1,450,2,451' },
  });
});
