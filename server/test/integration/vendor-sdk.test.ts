import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { API_VERSIONS } from '@likeness/shared/api';
import { ERROR_CODES, type ErrorCode } from '@likeness/shared/errors';

import { launchServer, type LaunchedServer } from '../support/launched-server.ts';
import { drawRotated, drawTexture } from '../support/textured-picture.ts';
import {
  failureOf,
  openPopCore,
  openVendorSdk,
  postRoa,
  targetOf,
  type Body,
  type VendorClient,
  type VendorTarget,
} from '../support/vendor-clients.ts';

interface Way {
  readonly name: string;
  readonly open: (plain: VendorTarget, secure: VendorTarget) => VendorClient;
}

const WAYS: readonly Way[] = [
  { name: 'SDK, ACS3, plain', open: (plain) => openVendorSdk(plain) },
  { name: 'SDK, ACS3, TLS', open: (_plain, secure) => openVendorSdk(secure) },
  { name: 'SDK, RPC v1, plain', open: (plain) => openVendorSdk(plain, 'v2') },
  { name: 'SDK, RPC v1, TLS', open: (_plain, secure) => openVendorSdk(secure, 'v2') },
  { name: 'pop-core, POST, plain', open: (plain) => openPopCore(plain, 'POST') },
  { name: 'pop-core, POST, TLS', open: (_plain, secure) => openPopCore(secure, 'POST') },
];

const WRITTEN = { success: true, code: 0, message: 'success' };
const FOUND = { success: true, code: 0, msg: 'success' };
const OTHERS = { id: 88888888, name: 'Others' };
const REQUEST_ID = expect.stringMatching(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/u);
const REGION = expect.stringMatching(/^\d+,\d+,\d+,\d+$/u);

let server: LaunchedServer;
let plain: VendorTarget;
let secure: VendorTarget;
/** Base64 of five pictures. */
let pictures: readonly string[];

beforeAll(async () => {
  server = await launchServer();
  plain = await targetOf(server);
  secure = { ...plain, endpoint: plain.endpoint.replace(/^http/u, 'https') };
  const drawn = await Promise.all([1, 2, 3, 4, 5].map((seed) => drawTexture(seed)));
  pictures = drawn.map(toBase64);
});

afterAll(() => server.stop());

describe.each(WAYS.map((each, i) => [each.name, each, `way${i}`] as const))(
  '%s',
  (_name, { open }, instanceName) => {
    let client: VendorClient;
    const key = { instanceName, productId: '商品 1', picName: 'a+b&c=d.jpg' };
    const stored = {
      productId: '商品 1',
      picName: 'a+b&c=d.jpg',
      categoryId: 88888888,
      customContent: '{"url":"https://e.com/?a=1&b=%20"}',
      intAttr: -5,
      intAttr2: 0,
      intAttr3: 0,
      intAttr4: 7,
      strAttr: '',
      strAttr2: "it's (red)*~!",
      strAttr3: '',
      strAttr4: '',
    };
    const ask = (action: string, request: object = {}): Promise<Body> =>
      client.call(action, { instanceName, ...request });
    const add = (request: object): Promise<Body> => ask('AddImage', { ...key, ...request });
    const search = (picture: number, request: object = {}): Promise<Body> =>
      ask('SearchImageByPic', { picContent: pictures[picture], ...request });
    const compare = (a: number, b: number): Promise<Body> =>
      ask('CompareSimilarByImage', {
        primaryPicContent: pictures[a],
        secondaryPicContent: pictures[b],
      });
    const administer = (action: string, request: object = {}): Promise<Body> =>
      client.call(action, { instanceName, ...request }, API_VERSIONS.ADMINISTRATION);

    beforeAll(() => {
      client = open(plain, secure);
    });

    test('an administrator creates an instance, changes it and sees it listed', async () => {
      const created = await administer('CreateInstance', { serviceType: 'generic', capacity: 4 });
      const instance = { instanceName, serviceType: 1, capacity: 4, qps: 0, imageCount: 0 };
      expect(created).toMatchObject({ ...WRITTEN, requestId: REQUEST_ID, instance });
      const changed = await administer('UpdateInstance', { capacity: 5 });
      expect(changed).toMatchObject({ instance: { ...instance, capacity: 5 } });
      expect(await administer('ListInstances')).toMatchObject({
        instances: expect.arrayContaining([expect.objectContaining({ instanceName })]),
      });
    });

    test('AddImage tells what it saw', async () => {
      const { customContent, intAttr, intAttr4, strAttr2 } = stored;
      const attributes = { customContent, intAttr, intAttr4, strAttr2 };
      expect(await add({ ...attributes, picContent: pictures[0] })).toMatchObject({
        ...WRITTEN,
        requestId: REQUEST_ID,
        picInfo: {
          categoryId: 88888888,
          region: REGION,
          allCategories: [OTHERS],
          multiRegion: expect.arrayContaining([{ region: REGION }]),
        },
      });
      const whole = { picName: 'b', picContent: pictures[1], crop: false, intAttr: 1 };
      expect(await add(whole)).toMatchObject({ picInfo: { region: '0,160,0,160' } });
      const boxed = { picName: 'c', picContent: pictures[2], region: '10,150,20,140', crop: false };
      expect(await add({ ...boxed, productId: 'p2', intAttr: 2 })).toMatchObject({
        picInfo: { region: '10,150,20,140', multiRegion: [{ region: '10,150,20,140' }] },
      });
      await add({ productId: 'p3', picName: 'd', picContent: pictures[3], strAttr: 'x' });
    });

    test('SearchImageByPic finds the same picture first, with all its fields', async () => {
      const found = await search(0);
      expect(found).toMatchObject({
        ...FOUND,
        requestId: REQUEST_ID,
        head: { docsFound: 4, docsReturn: 4, searchTime: expect.any(Number) },
        picInfo: { categoryId: 88888888, region: REGION, allCategories: [OTHERS] },
      });
      const auctions = found['auctions'] as readonly Body[];
      expect(auctions[0]).toMatchObject({
        ...stored,
        score: 1,
        sortExprValues: '5.37633353624177e+24;0',
      });
      expect(auctions).toHaveLength(4);
    });

    test('SearchImageByPic minds filter, region, threshold, distinct and page', async () => {
      expect(names(await search(2, { filter: 'int_attr in (1, 2) AND str_attr != "x"' }))).toEqual(
        expect.arrayContaining(['b', 'c']),
      );
      const boxed = await search(2, { region: '10,150,20,140', scoreThreshold: '0.99' });
      expect(names(boxed)).toEqual(['c']);
      expect(boxed).toMatchObject({ picInfo: { region: '10,150,20,140' }, head: { docsFound: 1 } });
      expect(await search(2, { distinctProductId: true })).toMatchObject({
        head: { docsFound: 3, docsReturn: 3 },
      });
      const all = names(await search(2));
      const second = await search(2, { start: 1, num: 2 });
      expect(names(second)).toEqual(all.slice(1, 3));
      expect(second).toMatchObject({ head: { docsFound: 4, docsReturn: 2 } });
    });

    test('SearchImageByName starts with the picture itself', async () => {
      const found = await ask('SearchImageByName', { ...key, num: 2 });
      expect(found).toMatchObject({ ...FOUND, head: { docsFound: 4, docsReturn: 2 } });
      expect((found['auctions'] as readonly Body[])[0]).toMatchObject({ ...stored, score: 1 });
    });

    test('SearchImageByFilter lists without a score', async () => {
      const filter = `strAttr2 = "it's (red)*~!" OR int_attr >= 2`;
      const found = await ask('SearchImageByFilter', { filter });
      expect(found).toMatchObject(FOUND);
      expect(names(found).toSorted()).toEqual(['a+b&c=d.jpg', 'c']);
      expect(found['auctions']).toContainEqual(stored);
    });

    test('CheckImageExists answers with one object', async () => {
      expect(await ask('CheckImageExists', key)).toMatchObject({
        ...FOUND,
        exists: true,
        auctions: stored,
      });
      const absent = await ask('CheckImageExists', { ...key, picName: 'none' });
      expect(absent).toMatchObject({ ...FOUND, exists: false });
    });

    test('UpdateImage changes what was sent, and filters see it at once', async () => {
      expect(await ask('UpdateImage', { ...key, intAttr: 9, strAttr3: 'new' })).toMatchObject(
        WRITTEN,
      );
      const filter = 'int_attr = 9 AND str_attr3 = "new" AND int_attr4 = 7';
      const found = await ask('SearchImageByFilter', { filter });
      expect(found['auctions']).toEqual([{ ...stored, intAttr: 9, strAttr3: 'new' }]);
    });

    test('CompareSimilarByImage scores two pictures', async () => {
      expect(await compare(0, 0)).toMatchObject({ ...FOUND, score: 1 });
      const { score } = await compare(0, 1);
      expect(score).toBeLessThan(1);
    });

    test('Detail tells the instance, capacity in ten thousands', async () => {
      expect(await ask('Detail')).toMatchObject({
        success: true,
        instance: {
          name: instanceName,
          capacity: 1,
          qps: 0,
          region: 'local',
          serviceType: 1,
          totalCount: 4,
          utcCreate: expect.stringMatching(/^\d{13}$/u),
          utcExpireTime: '4102444800000',
        },
      });
    });

    test('ListImages pages through all that is stored', async () => {
      const first = await administer('ListImages', { num: 3 });
      expect(first).toMatchObject({ ...WRITTEN, total: 4 });
      const second = await administer('ListImages', { num: 3, cursor: first['nextCursor'] });
      expect(second).toMatchObject({ total: 4, nextCursor: '' });
      const listed = [first, second].flatMap((page) => names(page, 'images'));
      expect(listed).toEqual(['c', 'd', 'a+b&c=d.jpg', 'b']);
    });

    // Action, code, what is wrong with the request.
    test.each<[string, string, object]>([
      ['AddImage', 'InvalidInstance', { instanceName: 'none' }],
      ['AddImage', 'InvalidProductId', { productId: 'x'.repeat(513) }],
      [
        'AddImage',
        'UnsupportedPicFormat',
        { picContent: Buffer.from('no picture').toString('base64') },
      ],
      ['AddImage', 'UnsupportedPicFormat', { picContent: '*no Base64*' }],
      ['AddImage', 'InvalidPicUrl', { picContent: 'http://127.0.0.1/a.jpg' }],
      ['AddImage', 'InvalidPicContent', { picContent: 'AAAA'.repeat(1_398_102) }],
      ['AddImage', 'InvalidCategory', { categoryId: 11 }],
      ['AddImage', 'InvalidRegion', { region: '150,10,0,100' }],
      ['AddImage', 'InvalidRegion', { region: '0,161,0,100' }],
      ['AddImage', 'InvalidStrAttr4', { strAttr4: 'x'.repeat(129) }],
      ['SearchImageByPic', 'OverflowMaxReturnNum', { num: 101 }],
      ['SearchImageByPic', 'InvalidNumParameter', { num: 0 }],
      ['SearchImageByPic', 'InvalidStartParameter', { start: 500 }],
      ['SearchImageByPic', 'OverflowMaxResultNum', { start: 450, num: 51 }],
      ['SearchImageByPic', 'InvalidFilterClause', { filter: 'int_attr > "x"' }],
      ['SearchImageByPic', 'BadRequest', { scoreThreshold: '1.5' }],
      ['SearchImageByName', 'PicNotExist', { picName: 'none' }],
      ['UpdateImage', 'PicNotExist', { picName: 'none' }],
      ['DeleteImage', 'MissingFilter', { isDeleteByFilter: true }],
      ['SearchImageByFilter', 'InvalidFilterClause', { filter: 'price = 1' }],
      ['CompareSimilarByImage', 'InvalidPrimaryPicContent', { primaryPicContent: '*' }],
      ['Detail', 'InvalidInstance', { instanceName: 'none' }],
      ['SearchImageByText', 'InvalidText', {}],
      ['SearchImageByText', 'InvalidTextLength', { text: 'x'.repeat(513) }],
      ['DumpMeta', 'UnsupportedOperationType', {}],
    ])('%s answers %s', async (action, code, request) => {
      const [primaryPicContent, secondaryPicContent] = pictures;
      const fields = {
        ...key,
        picContent: pictures[4],
        primaryPicContent,
        secondaryPicContent,
        ...request,
      };
      expect(await failureOf(client.call(action, fields))).toEqual([code, statusOf(code)]);
    });

    test('pictures too small, rotated or too many are refused', async () => {
      const small = { picName: 'small', picContent: toBase64(await drawTexture(9, 99)) };
      const rotated = { picName: 'rotated', picContent: toBase64(await drawRotated(9)) };
      const fifth = { picName: 'fifth', picContent: pictures[4] };
      await expect(add(small)).rejects.toMatchObject({ code: 'UnsupportedPicPixels' });
      await expect(add(rotated)).rejects.toMatchObject({ code: 'IncorrectOrientation' });
      expect(await add(fifth)).toMatchObject(WRITTEN);
      await expect(add({ ...fifth, picName: 'sixth' })).rejects.toMatchObject({
        code: 'InstanceOverQuota',
      });
      await administer('UpdateInstance', { autoOrient: true, capacity: 10 });
      expect(await add(rotated)).toMatchObject(WRITTEN);
    });

    test('DeleteImage removes a picture, a product, what a filter says, or nothing', async () => {
      const picture = { productId: 'p3', picName: 'd' };
      expect(await ask('DeleteImage', picture)).toMatchObject(removed('d'));
      expect(await ask('DeleteImage', picture)).toMatchObject(WRITTEN);
      const filter = { isDeleteByFilter: true, filter: 'int_attr = 2' };
      expect(await ask('DeleteImage', filter)).toMatchObject(removed('c'));
      const product = await ask('DeleteImage', { productId: key.productId });
      const { picNames } = product['data'] as { readonly picNames: readonly string[] };
      expect(picNames.toSorted()).toEqual(['a+b&c=d.jpg', 'b', 'fifth', 'rotated']);
      expect(await search(0)).toMatchObject({ head: { docsFound: 0, docsReturn: 0 } });
    });

    test('a product instance searches inside the category that is given', async () => {
      const shop = { instanceName: `${instanceName}-shop` };
      await administer('CreateInstance', { ...shop, serviceType: 0 });
      expect(await add({ ...shop, picContent: pictures[0], categoryId: 4 })).toMatchObject({
        picInfo: { categoryId: 4, allCategories: expect.arrayContaining([OTHERS]) },
      });
      expect(await search(0, { ...shop, categoryId: 4 })).toMatchObject({
        head: { docsFound: 1 },
        picInfo: { categoryId: 4 },
      });
      expect(await search(0, { ...shop, categoryId: 3 })).toMatchObject({
        head: { docsFound: 0 },
        auctions: [],
      });
      await expect(ask('SearchImageByText', { ...shop, text: 'red' })).rejects.toMatchObject({
        code: 'UnsupportedInstanceType',
      });
      expect(await administer('ClearInstance', shop)).toMatchObject({
        data: { removed: 1 },
      });
      expect(await administer('DeleteInstance', shop)).toMatchObject(WRITTEN);
      await expect(ask('Detail', shop)).rejects.toMatchObject({ code: 'InvalidInstance' });
    });

    test('searches above Qps are denied', async () => {
      await administer('UpdateInstance', { qps: 1 });
      const outcomes = await Promise.allSettled(
        Array.from({ length: 4 }, () => ask('SearchImageByFilter', { filter: 'int_attr = 1' })),
      );
      const refused = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
      expect(refused.length).toBeGreaterThan(0);
      for (const reason of refused) expect(reason).toMatchObject({ code: 'DeniedRequest' });
    });
  },
);

test('pop-core asks by GET, too', async () => {
  const client = openPopCore(plain, 'GET');
  const key = { instanceName: 'way0', productId: '商品', picName: "a b*'()!~" };
  expect(await client.call('CheckImageExists', key)).toMatchObject({ exists: false });
});

test('version 2020-02-12 is answered alike', async () => {
  const client = openPopCore(plain, 'POST');
  const search = { instanceName: 'way1', picContent: pictures[0]! };
  expect(await client.call('SearchImageByPic', search, API_VERSIONS.ALIAS)).toMatchObject(FOUND);
});

test('version 2019-03-25 adds, searches by type and deletes', async () => {
  const administrator = openPopCore(plain, 'POST');
  const instance = { instanceName: 'roa', serviceType: 'generic' };
  await administrator.call('CreateInstance', instance, API_VERSIONS.ADMINISTRATION);
  const key = { instanceName: 'roa', productId: '商品', picName: 'a b+c' };
  const add = { ...key, picContent: pictures[0], intAttr: 3 };
  expect(await postRoa(plain, '/v2/image/add', add)).toMatchObject(WRITTEN);
  const byPic = { instanceName: 'roa', picContent: pictures[0], filter: 'int_attr=3' };
  const found = { ...FOUND, auctions: [{ productId: '商品', picName: 'a b+c', score: 1 }] };
  expect(await postRoa(plain, '/v2/image/search', byPic)).toMatchObject(found);
  const byName = { ...key, type: 'SearchByName' };
  expect(await postRoa(plain, '/v2/image/search', byName)).toMatchObject(found);
  const byText = postRoa(plain, '/v2/image/search', { ...key, type: 'SearchByText' });
  expect(await failureOf(byText)).toEqual(['InvalidType', 400]);
  expect(await postRoa(plain, '/v2/image/delete', key)).toMatchObject(removed('a b+c'));
});

test('a wrong secret is told as a signature that does not match', async () => {
  for (const open of [openVendorSdk, (target: VendorTarget) => openPopCore(target, 'POST')]) {
    const client = open({ ...plain, accessKeySecret: 'wrong' });
    await expect(client.call('Detail', { instanceName: 'way0' })).rejects.toMatchObject({
      code: 'SignatureDoesNotMatch',
    });
  }
});

function names(body: Body, list = 'auctions'): readonly string[] {
  return (body[list] as readonly { readonly picName: string }[]).map(({ picName }) => picName);
}

function removed(...picNames: readonly string[]): object {
  return { ...WRITTEN, data: { picNames } };
}

function toBase64(picture: Buffer): string {
  return picture.toString('base64');
}

function statusOf(code: string): number {
  return code in ERROR_CODES ? ERROR_CODES[code as ErrorCode].status : 400;
}
