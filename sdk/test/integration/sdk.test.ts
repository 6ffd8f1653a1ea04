import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ApiError, ImageSearchClient, and, int, str } from '@likeness/sdk';
import type { ClientOptions, PictureContent } from '@likeness/sdk';
import { fromFile } from '@likeness/sdk/node';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { writePicture } from '../../../examples/test/support/sample-pictures.ts';
import { launchServer } from '../../../server/test/support/launched-server.ts';
import type { LaunchedServer } from '../../../server/test/support/launched-server.ts';
import { pictureForms } from '../support/picture-forms.ts';

let server: LaunchedServer;
let folder: string;
let client: ImageSearchClient;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'likeness-sdk-'));
  await writePicture(folder, 'box.jpg', { shape: 'box', colour: 'firebrick' });
  await writePicture(folder, 'circle.jpg', { shape: 'circle', colour: 'navy' });
  server = await launchServer();
  client = connect();
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true });
});

function connect(options: Partial<ClientOptions> = {}): ImageSearchClient {
  const { LIKENESS_ACCESS_KEY_ID = '', LIKENESS_ACCESS_KEY_SECRET = '' } = server.clientEnvironment;
  return new ImageSearchClient({
    endpoint: server.endpoint,
    accessKeyId: LIKENESS_ACCESS_KEY_ID,
    accessKeySecret: LIKENESS_ACCESS_KEY_SECRET,
    ...options,
  });
}

const box = () => fromFile(join(folder, 'box.jpg'));
const circle = () => fromFile(join(folder, 'circle.jpg'));

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe.each(['acs3', 'rpc-v1'] as const)('every action, signed with %s', (signature) => {
  const instanceName = `sdk-${signature}`;
  const boxKey = { instanceName, productId: 'box', picName: 'front' };

  beforeAll(() => {
    client = connect({ signature });
  });

  test('createInstance, updateInstance and listInstances tell the settings', async () => {
    const created = await client.createInstance({ instanceName, serviceType: 'generic', qps: 50 });
    expect(created.instance).toMatchObject({ instanceName, serviceTypeName: 'generic', qps: 50 });
    await client.updateInstance({ instanceName, qps: 0, capacity: 20_000 });
    const { instances } = await client.listInstances();
    expect(instances.find((each) => each.instanceName === instanceName)).toMatchObject({
      qps: 0,
      capacity: 20_000,
      imageCount: 0,
    });
  });

  test('addImage takes a picture in every form', async () => {
    const forms = await pictureForms(join(folder, 'circle.jpg'));
    for (const [index, [picName, picContent]] of forms.entries()) {
      await client.addImage({
        instanceName,
        productId: 'circle',
        picName,
        picContent,
        intAttr: index,
        strAttr: 'navy',
      });
    }
    const added = await client.addImage({
      ...boxKey,
      picContent: box(),
      intAttr: 42,
      strAttr: 'red "quoted"',
      customContent: '{"标题":"红 & +"}',
    });
    expect(added).toMatchObject({
      success: true,
      code: 0,
      picInfo: { categoryId: 88888888, region: expect.stringMatching(/^\d+,\d+,\d+,\d+$/) },
    });
    expect((await client.detail({ instanceName })).instance.totalCount).toBe(6);
  });

  test('searchImageByPic finds the picture itself first, with all that was stored', async () => {
    const { auctions, head } = await client.searchImageByPic({ instanceName, picContent: box() });
    expect(auctions[0]).toMatchObject({
      productId: 'box',
      score: 1,
      intAttr: 42,
      strAttr: 'red "quoted"',
      customContent: '{"标题":"红 & +"}',
    });
    expect(head).toMatchObject({ docsFound: 6, docsReturn: 6, searchMode: 'exact' });
  });

  test('a region, a built filter, a threshold and distinct narrow the search', async () => {
    const { auctions, picInfo } = await client.searchImageByPic({
      instanceName,
      picContent: circle(),
      region: { x1: 10, y1: 20, x2: 290, y2: 280 },
      filter: and(int('int_attr').lt(4), str('str_attr').in(['navy', 'teal'])),
      scoreThreshold: 0.1,
      distinctProductId: true,
    });
    expect(picInfo.region).toBe('10,290,20,280');
    expect(auctions.map(({ productId }) => productId)).toEqual(['circle']);
  });

  test('searchPagesByName gives the whole ranking, each picture once', async () => {
    const pages = await collect(client.searchPagesByName({ ...boxKey, num: 4 }));
    expect(pages.map(({ auctions }) => auctions.length)).toEqual([4, 2]);
    const names = pages.flatMap(({ auctions }) => auctions.map(({ picName }) => picName));
    expect(new Set(names).size).toBe(6);
    expect(names[0]).toBe('front');
  });

  test('searchImageByFilter counts what matches, beyond the page', async () => {
    const filter = str('str_attr').eq('navy');
    const { auctions, head } = await client.searchImageByFilter({ instanceName, filter, num: 2 });
    expect(auctions).toHaveLength(2);
    expect(head.docsFound).toBe(5);
  });

  test('updateImage changes what is named, checkImageExists tells it', async () => {
    await client.updateImage({ ...boxKey, intAttr: -1 });
    const { exists, auctions } = await client.checkImageExists(boxKey);
    expect(exists).toBe(true);
    expect(auctions).toMatchObject({ intAttr: -1, strAttr: 'red "quoted"' });
    const missing = await client.checkImageExists({ ...boxKey, picName: 'back' });
    expect(missing.exists).toBe(false);
  });

  test('compareSimilarByImage knows the same from another', async () => {
    const compare = async (secondaryPicContent: PictureContent) => {
      const pictures = { primaryPicContent: box(), secondaryPicContent };
      return (await client.compareSimilarByImage({ instanceName, ...pictures })).score;
    };
    expect(await compare(box())).toBe(1);
    expect(await compare(circle())).toBeLessThan(0.9);
  });

  test('listAllImages follows the cursors', async () => {
    const images = await collect(client.listAllImages({ instanceName, num: 4 }));
    expect(images.map(({ productId, picName }) => `${productId}/${picName}`)).toEqual([
      'box/front',
      ...['base64', 'blob', 'bytes', 'file', 'stream'].map((form) => `circle/${form}`),
    ]);
  });

  test('deleteImage removes a picture, a product, or what a filter matches', async () => {
    const byFilter = { instanceName, isDeleteByFilter: true, filter: int('int_attr').ge(3) };
    expect((await client.deleteImage(byFilter)).data.picNames).toEqual(['file', 'stream']);
    expect((await client.deleteImage(boxKey)).data.picNames).toEqual(['front']);
    expect((await client.deleteImage(boxKey)).data.picNames).toEqual([]);
    const { data } = await client.deleteImage({ instanceName, productId: 'circle' });
    expect(data.picNames).toHaveLength(3);
  });

  test('clearInstance and deleteInstance end it', async () => {
    await client.addImage({ ...boxKey, picContent: box() });
    expect((await client.clearInstance({ instanceName })).data.removed).toBe(1);
    await client.deleteInstance({ instanceName });
    const failure = client.detail({ instanceName });
    await expect(failure).rejects.toThrow(ApiError);
    await expect(failure).rejects.toMatchObject({
      code: 'InvalidInstance',
      status: 400,
      requestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
    });
  });
});

test.each<[string, Partial<ClientOptions>, string]>([
  ['a wrong secret', { accessKeySecret: 'wrong' }, 'SignatureDoesNotMatch'],
  ['an unknown key', { accessKeyId: 'nobody' }, 'InvalidAccessKeyId.NotFound'],
  [
    'a clock that is off',
    { clock: { now: () => 0, sleep: () => Promise.resolve() } },
    'InvalidTimeStamp.Expired',
  ],
])('%s is refused', async (_what, options, code) => {
  await expect(connect(options).listInstances()).rejects.toMatchObject({ code });
});
