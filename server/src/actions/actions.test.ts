import { beforeEach, describe, expect, test } from '@jest/globals';
import { errorsOfAction, LIMITS, type ActionName } from '@likeness/shared/api';
import { ApiError } from '@likeness/shared/errors';

import { openActionServices, PLAIN_CALL } from '../../test/support/action-services.ts';
import { MemoryCatalog, PLAIN_SETTINGS } from '../../test/support/memory-catalog.ts';
import { ROOT_RIGHTS } from '../auth/rights.ts';
import { findAction } from './action-table.ts';
import type { ActionServices, SentPicture } from './action.ts';

type Values = Readonly<Record<string, string>>;
type Pictures = Readonly<Record<string, Uint8Array<ArrayBuffer> | 'invalid' | 'url'>>;
interface Failure {
  readonly code: string;
  readonly status: number;
  readonly message: string;
}

const PICTURE = Uint8Array.of(1, 2, 3);
const OTHER_PICTURE = Uint8Array.of(4);
const TOO_LARGE = new Uint8Array(LIMITS.MAX_PICTURE_BYTES + 1);
const KEY = { InstanceName: 'demo', ProductId: 'p1', PicName: 'a.jpg' };
const LONG_ID = 'x'.repeat(LIMITS.MAX_ID_LENGTH + 1);

let catalog: MemoryCatalog;
let services: ActionServices;

beforeEach(async () => {
  catalog = new MemoryCatalog();
  services = await openActionServices(catalog, () => 0);
  await catalog.createCollection(PLAIN_SETTINGS);
  await call('AddImage', KEY, { PicContent: PICTURE });
});

async function call(
  name: string,
  values: Values,
  pictures: Pictures = {},
  { version = '2020-12-14', rights = ROOT_RIGHTS } = {},
): Promise<Record<string, unknown>> {
  return findAction(version, name)(
    {
      ...PLAIN_CALL,
      parameters: { text: new Map(Object.entries(values)), pictures: sent(pictures) },
      caller: { accessKeyId: 'k', rights },
    },
    services,
  );
}

function sent(pictures: Pictures): ReadonlyMap<string, SentPicture> {
  return new Map(
    Object.entries(pictures).map(([name, picture]): [string, SentPicture] => {
      if (picture === 'url') return [name, { kind: 'url', url: 'http://a.b/c' }];
      return [
        name,
        picture === 'invalid' ? { kind: 'invalid' } : { kind: 'bytes', bytes: picture },
      ];
    }),
  );
}

const administer = (name: string, values: Values = {}): Promise<Record<string, unknown>> =>
  call(name, values, {}, { version: '2026-11-01' });

async function failureOf(answer: Promise<unknown>): Promise<Failure> {
  try {
    await answer;
  } catch (error) {
    if (ApiError.is(error)) return error;
    throw error;
  }
  throw new Error('the call succeeded');
}

describe('findAction', () => {
  test.each([
    ['2020-12-14', 'Nothing', 'InvalidAction.NotFound', 404],
    ['2020-12-14', 'CreateInstance', 'InvalidAction.NotFound', 404],
    ['2020-12-14', 'SearchImage', 'InvalidAction.NotFound', 404],
    ['2020-02-12', 'UpdateImage', 'InvalidAction.NotFound', 404],
    ['2019-03-25', 'Detail', 'InvalidAction.NotFound', 404],
    ['2026-11-01', 'AddImage', 'InvalidAction.NotFound', 404],
    ['2018-01-20', 'AddImage', 'InvalidVersion', 400],
    ['', '', 'InvalidVersion', 400],
  ])('refuses %s %s with %s', (version, name, code, status) => {
    expect(() => findAction(version, name)).toThrow(expect.objectContaining({ code, status }));
  });

  test.each(['DumpMeta', 'DumpMetaList', 'IncreaseInstance', 'IncreaseList'])(
    '%s is known and not supported',
    async (name) => {
      expect(await failureOf(call(name, KEY))).toMatchObject({
        code: 'UnsupportedOperationType',
        status: 500,
      });
    },
  );
});

describe('limits', () => {
  // One row for each documented limit: action, code, what is wrong.
  test.each<[string, string, Values]>([
    ['AddImage', 'InvalidInstanceName', { InstanceName: '' }],
    ['AddImage', 'InvalidInstance', { InstanceName: 'none' }],
    ['AddImage', 'InvalidInstance', { InstanceName: 'x'.repeat(21) }],
    ['AddImage', 'NoSpecifiedProductId', { ProductId: '' }],
    ['AddImage', 'InvalidProductId', { ProductId: LONG_ID }],
    ['AddImage', 'NoSpecifiedPicName', { PicName: '' }],
    ['AddImage', 'InvalidPicName', { PicName: LONG_ID }],
    ['AddImage', 'InvalidCustomContent', { CustomContent: 'x'.repeat(4097) }],
    ['AddImage', 'InvalidIntAttr', { IntAttr: '1.5' }],
    ['AddImage', 'InvalidIntAttr2', { IntAttr2: '2147483648' }],
    ['AddImage', 'InvalidIntAttr3', { IntAttr3: '-2147483649' }],
    ['AddImage', 'InvalidIntAttr4', { IntAttr4: '1e3' }],
    ['AddImage', 'InvalidStrAttr', { StrAttr: 'x'.repeat(129) }],
    ['AddImage', 'InvalidStrAttr2', { StrAttr2: 'x'.repeat(129) }],
    ['AddImage', 'InvalidStrAttr3', { StrAttr3: 'x'.repeat(129) }],
    ['AddImage', 'InvalidStrAttr4', { StrAttr4: 'x'.repeat(129) }],
    ['AddImage', 'InvalidCategory', { CategoryId: '10' }],
    ['AddImage', 'InvalidCategory', { CategoryId: 'Tops' }],
    ['AddImage', 'BadRequest', { Crop: 'yes' }],
    ['AddImage', 'InvalidRegion', { Region: '10,5,0,9' }],
    ['UpdateImage', 'NoSpecifiedPicName', { PicName: '' }],
    ['UpdateImage', 'PicNotExist', { ProductId: 'none' }],
    ['UpdateImage', 'InvalidIntAttr4', { IntAttr4: 'x' }],
    ['DeleteImage', 'NoSpecifiedProductId', { ProductId: '' }],
    ['DeleteImage', 'MissingFilter', { IsDeleteByFilter: 'true' }],
    ['DeleteImage', 'InvalidFilterClause', { IsDeleteByFilter: 'true', Filter: 'x' }],
    ['DeleteImage', 'BadRequest', { IsDeleteByFilter: 'maybe' }],
    [
      'DeleteImage',
      'InvalidIsDeleteByFilter',
      { IsDeleteByFilter: 'true', Filter: 'int_attr=1', ProductId: 'p' },
    ],
    ['SearchImageByPic', 'InvalidNumParameter', { Num: '0' }],
    ['SearchImageByPic', 'InvalidNumParameter', { Num: '1.5' }],
    ['SearchImageByPic', 'OverflowMaxReturnNum', { Num: '101' }],
    ['SearchImageByPic', 'OverflowMaxReturnNum', { Num: '9'.repeat(30) }],
    ['SearchImageByPic', 'InvalidStartParameter', { Start: '-1' }],
    ['SearchImageByPic', 'InvalidStartParameter', { Start: '500' }],
    ['SearchImageByPic', 'InvalidStartParameter', { Start: 'x' }],
    ['SearchImageByPic', 'OverflowMaxResultNum', { Start: '401', Num: '100' }],
    ['SearchImageByPic', 'InvalidFilterClause', { Filter: 'int_attr > "x"' }],
    ['SearchImageByPic', 'InvalidFilterClause', { Filter: `str_attr="${'x'.repeat(4096)}"` }],
    ['SearchImageByPic', 'BadRequest', { ScoreThreshold: '1.01' }],
    ['SearchImageByPic', 'BadRequest', { ScoreThreshold: '0.123' }],
    ['SearchImageByPic', 'BadRequest', { ScoreThreshold: '-0.1' }],
    ['SearchImageByPic', 'BadRequest', { ScoreThreshold: 'high' }],
    ['SearchImageByPic', 'BadRequest', { DistinctProductId: '2' }],
    ['SearchImageByPic', 'InvalidCategory', { CategoryId: '23' }],
    ['SearchImageByName', 'NoSpecifiedProductId', { ProductId: '' }],
    ['SearchImageByName', 'PicNotExist', { PicName: 'none' }],
    ['SearchImageByName', 'InvalidCategory', { CategoryId: '-1' }],
    ['SearchImageByText', 'InvalidText', {}],
    ['SearchImageByText', 'InvalidText', { Text: ' \u3000' }],
    ['SearchImageByText', 'InvalidTextLength', { Text: 'x'.repeat(513) }],
    ['SearchImageByText', 'InvalidCategory', { Text: 'red', CategoryId: '23' }],
    ['SearchImageByText', 'OverflowMaxReturnNum', { Text: 'red', Num: '101' }],
    ['SearchImageByText', 'InvalidFilterClause', { Text: 'red', Filter: 'x' }],
    ['SearchImageByText', 'BadRequest', { Text: 'red', ScoreThreshold: '1.01' }],
    ['SearchImageByFilter', 'MissingFilter', {}],
    ['SearchImageByFilter', 'OverflowMaxReturnNum', { Filter: 'int_attr=1', Num: '101' }],
    ['CheckImageExists', 'NoSpecifiedPicName', { PicName: '' }],
    ['Detail', 'InvalidInstance', { InstanceName: 'none' }],
  ])('%s answers %s', async (name, code, values) => {
    const given = Object.entries({ ...KEY, ...values }).filter(([, value]) => value !== '');
    const answer = call(name, Object.fromEntries(given), { PicContent: PICTURE });
    expect(await failureOf(answer)).toMatchObject({ code, status: 400 });
    expect(errorsOfAction(name as ActionName)).toContain(code);
  });

  test.each<[string, string, Values, Pictures]>([
    ['AddImage', 'NoSpecifiedPicContent', {}, {}],
    ['AddImage', 'UnsupportedPicFormat', {}, { PicContent: 'invalid' }],
    ['AddImage', 'UnsupportedPicFormat', {}, { PicContent: new Uint8Array() }],
    ['AddImage', 'InvalidPicContent', {}, { PicContent: TOO_LARGE }],
    ['AddImage', 'InvalidPicUrl', {}, { PicContent: 'url' }],
    ['SearchImageByPic', 'NoSpecifiedPicContent', {}, {}],
    ['SearchImageByPic', 'InvalidPicUrl', {}, { PicContent: 'url' }],
    ['CompareSimilarByImage', 'MissingPrimaryPicContent', {}, {}],
    ['CompareSimilarByImage', 'MissingSecondaryPicContent', {}, { PrimaryPicContent: PICTURE }],
    [
      'CompareSimilarByImage',
      'InvalidPrimaryPicContent',
      {},
      { PrimaryPicContent: 'invalid', SecondaryPicContent: PICTURE },
    ],
    [
      'CompareSimilarByImage',
      'InvalidSecondaryPicContent',
      {},
      { PrimaryPicContent: PICTURE, SecondaryPicContent: 'invalid' },
    ],
    [
      'CompareSimilarByImage',
      'InvalidPicContent',
      {},
      { PrimaryPicContent: TOO_LARGE, SecondaryPicContent: PICTURE },
    ],
  ])('%s answers %s', async (name, code, values, pictures) => {
    const answer = call(name, { ...KEY, ...values }, pictures);
    expect(await failureOf(answer)).toMatchObject({ code, status: 400 });
    expect(errorsOfAction(name as ActionName)).toContain(code);
  });

  test.each<[string, string, Values, number]>([
    ['CreateInstance', 'InvalidInstanceName', {}, 400],
    ['CreateInstance', 'InvalidInstanceName', { InstanceName: 'x'.repeat(21) }, 400],
    ['CreateInstance', 'InvalidInstanceName', { InstanceName: 'a b' }, 400],
    ['CreateInstance', 'MissingServiceType', { InstanceName: 'new' }, 400],
    ['CreateInstance', 'InvalidServiceType', { InstanceName: 'new', ServiceType: '9' }, 400],
    ['CreateInstance', 'InstanceAlreadyExists', { InstanceName: 'demo', ServiceType: '0' }, 409],
    ['UpdateInstance', 'InvalidCapacity', { InstanceName: 'demo', Capacity: '0' }, 400],
    ['UpdateInstance', 'InvalidAddQps', { InstanceName: 'demo', AddQps: 'x' }, 400],
    ['UpdateInstance', 'InvalidDeleteQps', { InstanceName: 'demo', DeleteQps: '1.5' }, 400],
    ['UpdateInstance', 'InvalidQps', { InstanceName: 'demo', Qps: '-1' }, 400],
    ['UpdateInstance', 'BadRequest', { InstanceName: 'demo', AutoOrient: 'x' }, 400],
    ['UpdateInstance', 'InvalidServiceType', { InstanceName: 'demo', ServiceType: '1' }, 400],
    ['UpdateInstance', 'InvalidInstance', { InstanceName: 'none' }, 400],
    ['ListImages', 'InvalidNumParameter', { InstanceName: 'demo', Num: '1001' }, 400],
    ['ListImages', 'InvalidCursor', { InstanceName: 'demo', Cursor: 'x' }, 400],
    ['ListImages', 'InvalidCursor', { InstanceName: 'demo', Cursor: 'eyJhIjoxfQ' }, 400],
    ['ListImages', 'InvalidFilterClause', { InstanceName: 'demo', Filter: 'x' }, 400],
  ])('%s answers %s', async (name, code, values, status) => {
    expect(await failureOf(administer(name, values))).toMatchObject({ code, status });
    expect(errorsOfAction(name as ActionName)).toContain(code);
  });

  test('what is wrong with a filter, and where, is told', async () => {
    const answer = call('SearchImageByFilter', { InstanceName: 'demo', Filter: 'int_attr = "x"' });
    expect((await failureOf(answer)).message).toBe(
      'The specified filtering condition is invalid: ' +
        'expected a whole number from -2147483648 to 2147483647 at offset 11.',
    );
  });

  test('the longest and largest of everything passes', async () => {
    const id = 'x'.repeat(512);
    const values = {
      InstanceName: 'demo',
      ProductId: id,
      PicName: id,
      CustomContent: 'x'.repeat(4096),
      IntAttr: '2147483647',
      IntAttr2: '-2147483648',
      StrAttr: 'x'.repeat(128),
      CategoryId: '88888888',
      Crop: 'FALSE',
      Region: '0,4096,0,4096',
    };
    await call('AddImage', values, { PicContent: TOO_LARGE.subarray(1) });
    const search = { InstanceName: 'demo', Start: '400', Num: '100', ScoreThreshold: '1.00' };
    const answer = await call('SearchImageByPic', search, { PicContent: PICTURE });
    expect(answer).toMatchObject({ Head: { DocsFound: 1, DocsReturn: 0 } });
    const text = { ...search, Text: '\u{1F45F}'.repeat(256), ScoreThreshold: '0.50' };
    expect(await call('SearchImageByText', text)).toMatchObject({ Head: { DocsFound: 2 } });
  });
});

describe('an instance being cleared', () => {
  beforeEach(() => catalog.updateCollection('instance', 'demo', { status: 'clearing' }));

  test('answers Detail and nothing else', async () => {
    expect(await call('Detail', KEY)).toMatchObject({ Instance: { Name: 'demo' } });
    for (const name of ['AddImage', 'DeleteImage', 'SearchImageByPic', 'CheckImageExists']) {
      expect(await failureOf(call(name, KEY, { PicContent: PICTURE }))).toMatchObject({
        code: 'InstanceStatusError',
        status: 409,
      });
    }
  });
});

test('searches above Qps are denied, and told when to come back; other actions are not', async () => {
  await administer('UpdateInstance', { InstanceName: 'demo', Qps: '2' });
  await call('SearchImageByName', KEY);
  await call('SearchImageByPic', KEY, { PicContent: PICTURE });
  expect(
    await failureOf(call('SearchImageByFilter', { ...KEY, Filter: 'int_attr=1' })),
  ).toMatchObject({ code: 'DeniedRequest', status: 403, retryAfterMs: 500 });
  expect(await call('CheckImageExists', KEY)).toMatchObject({ Exists: true });
});

test('adds count towards AddQps, deletes and updates together towards DeleteQps', async () => {
  await administer('UpdateInstance', { InstanceName: 'demo', AddQps: '1', DeleteQps: '2' });
  const add = () => call('AddImage', KEY, { PicContent: PICTURE });
  await add();
  await call('UpdateImage', KEY);
  await call('DeleteImage', { ...KEY, PicName: 'none' });
  const denied = { code: 'DeniedRequest', status: 403 };
  expect(await failureOf(add())).toMatchObject({ ...denied, retryAfterMs: 1000 });
  expect(await failureOf(call('DeleteImage', KEY))).toMatchObject({ ...denied, retryAfterMs: 500 });
  expect(await failureOf(call('UpdateImage', KEY))).toMatchObject(denied);
  expect(await call('SearchImageByName', KEY)).toMatchObject({ Head: { DocsFound: 1 } });
});

test('version 2019-03-25 searches by Type', async () => {
  expect(await searchOf2019({ Type: 'SearchByName' })).toMatchObject({ Head: { DocsFound: 1 } });
  expect(await searchOf2019({}, { PicContent: OTHER_PICTURE })).toMatchObject({
    Auctions: [{ Score: 0.5 }],
  });
  expect(await failureOf(searchOf2019({ Type: 'SearchByText' }))).toMatchObject({
    code: 'InvalidType',
  });
});

function searchOf2019(values: Values, pictures: Pictures = {}): Promise<Record<string, unknown>> {
  return call('SearchImage', { ...KEY, ...values }, pictures, { version: '2019-03-25' });
}
