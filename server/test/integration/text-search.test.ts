import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ImageSearchClient } from '@likeness/sdk';
import sharp from 'sharp';

import type { Logger } from '../../src/log/logger.ts';
import { createVision } from '../../src/vision/create-vision.ts';
import type { Vision } from '../../src/vision/vision.ts';
import { openGateway, TEST_KEY } from '../support/gateway-server.ts';
import { openStoredCatalog } from '../support/stored-catalog.ts';
import { TEXT_CALIBRATION, writeTextPack } from '../support/text-pack.ts';
import { openPopCore, openVendorSdk, type VendorTarget } from '../support/vendor-clients.ts';

const SIDE_PX = 120;
const SILENT: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
/** What the cosine of no relation scores, and the best that there is. */
const [, [, UNRELATED], [, BEST]] = TEXT_CALIBRATION;

/** A server that listens, over a catalog on disk and a pack that knows texts about colours. */
let client: ImageSearchClient;
let target: VendorTarget;
let vision: Vision;
let closing: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-text-'));
  const packFolder = await writeTextPack();
  vision = await createVision({ packFolder, workers: 1 });
  const stored = await openStoredCatalog(join(folder, 'data'), { vision });
  const dataDir = join(folder, 'gateway');
  const { port, services } = await openGateway({
    dataDir,
    catalog: stored.catalog,
    logger: SILENT,
    now: Date.now,
  });
  closing = [
    () => services.close(),
    () => stored.close(),
    () => vision.close(),
    ...[folder, packFolder].map((each) => () => rm(each, { recursive: true })),
  ];
  const endpoint = `http://127.0.0.1:${port}`;
  target = { endpoint, ...TEST_KEY, ca: '' };
  client = new ImageSearchClient({ endpoint, ...TEST_KEY });
  await fillShop('shop', 'multimodal');
  await fillShop('generic', 'generic');
  await fillLibrary();
});
afterAll(async () => {
  for (const close of closing) await close();
});

/** A red shoe twice, a green shirt, a blue one, and something grey. */
async function fillShop(instanceName: string, serviceType: string): Promise<void> {
  await client.createInstance({ instanceName, serviceType });
  for (const [productId, picName, colour, categoryId, intAttr] of [
    ['shoe', 'a', '#ff0000', 4, 1],
    ['shoe', 'b', '#f01010', 4, 2],
    ['shirt', 'a', '#00ff00', 0, 1],
    ['shirt', 'b', '#0000ff', 0, 2],
    ['thing', 'a', '#858585', 88_888_888, 3],
  ] as const) {
    const picContent = await draw(colour);
    await client.addImage({ instanceName, productId, picName, picContent, categoryId, intAttr });
  }
}

/** The same pictures by both APIs, whole. */
async function fillLibrary(): Promise<void> {
  await client.createInstance({ instanceName: 'whole', serviceType: 'generic' });
  const library = client.library('same');
  await library.create({ mode: 'general_search' });
  for (const [name, colour] of [
    ['shoe', '#ff0000'],
    ['shirt', '#0000ff'],
    ['thing', '#858585'],
  ] as const) {
    const image = await draw(colour);
    const key = { productId: name, picName: 'a.png' };
    await client.addImage({ instanceName: 'whole', ...key, picContent: image, crop: false });
    await library.add({ imageId: name, imageUri: key.picName, image, tags: {} });
  }
}

function draw(background: string): Promise<Buffer> {
  const create = { width: SIDE_PX, height: SIDE_PX, channels: 3, background } as const;
  return sharp({ create }).png().toBuffer();
}

const keysOf = (
  auctions: readonly { readonly productId: string; readonly picName: string }[],
): string[] => auctions.map(({ productId, picName }) => `${productId}/${picName}`);

describe('a search by text', () => {
  test.each(['shop', 'generic'])('finds what the text says, in %s', async (instanceName) => {
    const { auctions, head, picInfo } = await client.searchImageByText({
      instanceName,
      text: 'RED shoes',
    });
    expect(keysOf(auctions).slice(0, 2)).toEqual(['shoe/a', 'shoe/b']);
    expect(auctions[0]?.score).toBe(BEST);
    expect(auctions[0]).not.toHaveProperty('sortExprValues');
    expect(head).toMatchObject({ docsFound: 5, docsReturn: 5, matchedBy: 'embedding' });
    expect(Object.keys(picInfo)).toEqual(['allCategories']);
    const blue = await client.searchImageByText({ instanceName, text: '  Ｂｌｕｅ 運動鞋' });
    expect(keysOf(blue.auctions)[0]).toBe('shirt/b');
  });

  test('scores as texts do, and holds the threshold against that', async () => {
    const search = { instanceName: 'shop', text: 'pale' };
    const { auctions } = await client.searchImageByText(search);
    const scores = new Map(auctions.map((hit) => [`${hit.productId}/${hit.picName}`, hit.score]));
    expect(scores.get('thing/a')).toBe(BEST);
    // Red and pale are at a cosine of −1/3: on the way from −1, 0 to 0, .2.
    expect(scores.get('shoe/a')).toBeCloseTo((UNRELATED * 2) / 3, 3);
    const sure = await client.searchImageByText({ ...search, scoreThreshold: 0.14 });
    expect(sure.head.docsFound).toBe(1);
    const loose = await client.searchImageByText({ ...search, scoreThreshold: 0.13 });
    expect(loose.head.docsFound).toBe(5);
  });

  test('filters, counts products once, and cuts into pages', async () => {
    const red = { instanceName: 'shop', text: 'red' };
    const filtered = await client.searchImageByText({ ...red, filter: 'int_attr = 2' });
    expect(keysOf(filtered.auctions)[0]).toBe('shoe/b');
    expect(filtered.head.docsFound).toBe(2);
    const distinct = await client.searchImageByText({ ...red, distinctProductId: true });
    expect(distinct.auctions.map(({ productId }) => productId).toSorted()).toEqual([
      'shirt',
      'shoe',
      'thing',
    ]);
    const pages: string[][] = [];
    for await (const { auctions } of client.searchPagesByText({ ...red, num: 2 })) {
      pages.push(keysOf(auctions));
    }
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1]);
    expect(new Set(pages.flat()).size).toBe(5);
  });

  test('looks in all categories, or in the one that is given', async () => {
    const search = { text: 'red', categoryId: 0 };
    const shop = await client.searchImageByText({ instanceName: 'shop', ...search });
    expect(keysOf(shop.auctions).toSorted()).toEqual(['shirt/a', 'shirt/b']);
    const generic = await client.searchImageByText({ instanceName: 'generic', ...search });
    expect(generic.head.docsFound).toBe(5);
  });

  test.each([
    ['things', ['thing/a'], 1, ['things']],
    ['Ｔｈｉｎｇ zebra', ['thing/a'], 0.5, ['thing', 'zebra']],
    ['zebra', [], 0, ['zebra']],
    ['?!', [], 0, undefined],
  ])('that is not known is found by its words: %s', async (text, keys, score, unknownWords) => {
    const { head, auctions } = await client.searchImageByText({ instanceName: 'shop', text });
    expect(keysOf(auctions)).toEqual(keys);
    expect(auctions[0]?.score ?? 0).toBe(score);
    expect(head).toMatchObject({ docsFound: keys.length, matchedBy: 'words' });
    expect(head.unknownWords).toEqual(unknownWords);
  });

  test.each(['red shoes', '蓝色运动鞋', 'pale', 'thing', 'shoe zebra', 'zebra'])(
    'answers the same by the operator API: %s',
    async (text) => {
      const library = client.library('same');
      const { results, total, matchedBy, unknownWords } = await library.searchByText({
        queryText: text,
        returnFrame: false,
      });
      const { auctions, head } = await client.searchImageByText({ instanceName: 'whole', text });
      expect(results.map(({ imageId, imageUri, score }) => [imageId, imageUri, score])).toEqual(
        auctions.map(({ productId, picName, score }) => [productId, picName, score]),
      );
      expect({ total, matchedBy, unknownWords }).toEqual({
        total: head.docsFound,
        matchedBy: head.matchedBy,
        unknownWords: head.unknownWords,
      });
    },
  );

  test.each(['product', 'fabric', 'trademark'])('is not for %s instances', async (serviceType) => {
    const instanceName = `no-${serviceType}`;
    await client.createInstance({ instanceName, serviceType });
    await expect(client.searchImageByText({ instanceName, text: 'red' })).rejects.toMatchObject({
      code: 'UnsupportedInstanceType',
      status: 500,
    });
  });

  test.each([
    ['the newer SDK', () => openVendorSdk(target)],
    ['the newer SDK, signing as the older', () => openVendorSdk(target, 'v2')],
    ['the older SDK', () => openPopCore(target, 'POST')],
  ])("answers the vendor's clients: %s", async (_, open) => {
    const answer = await open().call('SearchImageByText', {
      instanceName: 'shop',
      text: '红色 green shirt',
      num: 3,
      start: 0,
      filter: 'int_attr in (1, 2)',
      distinctProductId: true,
      scoreThreshold: '0.50',
    });
    expect(answer).toMatchObject({
      code: 0,
      msg: 'success',
      success: true,
      head: { docsFound: 1, docsReturn: 1 },
      picInfo: { allCategories: expect.arrayContaining([{ id: 4, name: 'Shoes' }]) },
      auctions: [{ productId: 'shirt', picName: 'a', intAttr: 1, categoryId: 0 }],
    });
  });
});

describe('embedText', () => {
  test('remembers texts however they are written', async () => {
    const first = await vision.embedText('Green  shirts');
    expect(await vision.embedText('green shirts ')).toBe(first);
  });

  test('drops a text whose client has gone', async () => {
    const gone = AbortSignal.abort(new Error('gone'));
    await expect(vision.embedText('green t', gone)).rejects.toThrow('gone');
  });

  test('tells its languages and how texts score', () => {
    expect(vision.pack).toMatchObject({
      languages: ['en', 'zh'],
      textCalibration: TEXT_CALIBRATION,
    });
  });
});
