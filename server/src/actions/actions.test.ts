import { beforeEach, describe, expect, test } from '@jest/globals';
import { LIMITS } from '@likeness/shared/api';
import { ApiError } from '@likeness/shared/errors';

import { MemoryCatalog, PLAIN_SETTINGS } from '../../test/support/memory-catalog.ts';
import { RateLimiter } from '../auth/rate-limiter.ts';
import { findAction } from './action-table.ts';
import type { ActionServices } from './action.ts';

type Values = Readonly<Record<string, string>>;
type Pictures = Readonly<Record<string, Uint8Array | 'invalid'>>;
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
  services = { catalog, searchRates: new RateLimiter(() => 0), now: () => 0 };
  await catalog.createCollection(PLAIN_SETTINGS);
  await call('AddImage', KEY, { PicContent: PICTURE });
});

async function call(
  name: string,
  values: Values,
  pictures: Pictures = {},
  { version = '2020-12-14', isRoot = true } = {},
): Promise<Record<string, unknown>> {
  return findAction(version, name)(
    {
      requestId: 'R',
      parameters: {
        text: new Map(Object.entries(values)),
        pictures: new Map(Object.entries(pictures)),
      },
      caller: { accessKeyId: 'k', isRoot },
      signal: new AbortController().signal,
      onStage: () => {},
    },
    services,
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

  test.each(['SearchImageByText', 'DumpMeta', 'DumpMetaList', 'IncreaseInstance', 'IncreaseList'])(
    '%s is known and not supported',
    async (name) => {
      expect(await failureOf(call(name, KEY))).toMatchObject({
        code: 'UnsupportedOperationType',
        status: 500,
      });
    },
  );

  test.each([
    'CreateInstance',
    'ListInstances',
    'UpdateInstance',
    'ClearInstance',
    'DeleteInstance',
    'ListImages',
  ])('%s is for the root key alone', async (name) => {
    const answer = call(name, KEY, {}, { version: '2026-11-01', isRoot: false });
    expect(await failureOf(answer)).toMatchObject({ code: 'NoPermission', status: 403 });
  });
});

describe('limits', () => {
  // One row for each documented limit: action, what is wrong, the code.
  test.each<[string, Values, string]>([
    ['AddImage', { InstanceName: '' }, 'InvalidInstanceName'],
    ['AddImage', { InstanceName: 'none' }, 'InvalidInstance'],
    ['AddImage', { InstanceName: 'x'.repeat(21) }, 'InvalidInstance'],
    ['AddImage', { ProductId: '' }, 'NoSpecifiedProductId'],
    ['AddImage', { ProductId: LONG_ID }, 'InvalidProductId'],
    ['AddImage', { PicName: '' }, 'NoSpecifiedPicName'],
    ['AddImage', { PicName: LONG_ID }, 'InvalidPicName'],
    ['AddImage', { CustomContent: 'x'.repeat(4097) }, 'InvalidCustomContent'],
    ['AddImage', { IntAttr: '1.5' }, 'InvalidIntAttr'],
    ['AddImage', { IntAttr2: '2147483648' }, 'InvalidIntAttr2'],
    ['AddImage', { IntAttr3: '-2147483649' }, 'InvalidIntAttr3'],
    ['AddImage', { IntAttr4: '1e3' }, 'InvalidIntAttr4'],
    ['AddImage', { StrAttr: 'x'.repeat(129) }, 'InvalidStrAttr'],
    ['AddImage', { StrAttr2: 'x'.repeat(129) }, 'InvalidStrAttr2'],
    ['AddImage', { StrAttr3: 'x'.repeat(129) }, 'InvalidStrAttr3'],
    ['AddImage', { StrAttr4: 'x'.repeat(129) }, 'InvalidStrAttr4'],
    ['AddImage', { CategoryId: '10' }, 'InvalidCategory'],
    ['AddImage', { CategoryId: 'Tops' }, 'InvalidCategory'],
    ['AddImage', { Crop: 'yes' }, 'BadRequest'],
    ['AddImage', { Region: '10,5,0,9' }, 'InvalidRegion'],
    ['UpdateImage', { PicName: '' }, 'NoSpecifiedPicName'],
    ['UpdateImage', { ProductId: 'none' }, 'PicNotExist'],
    ['UpdateImage', { IntAttr4: 'x' }, 'InvalidIntAttr4'],
    ['DeleteImage', { ProductId: '' }, 'NoSpecifiedProductId'],
    ['DeleteImage', { IsDeleteByFilter: 'true' }, 'MissingFilter'],
    ['DeleteImage', { IsDeleteByFilter: 'true', Filter: 'x' }, 'InvalidFilterClause'],
    ['DeleteImage', { IsDeleteByFilter: 'maybe' }, 'BadRequest'],
    ['SearchImageByPic', { Num: '0' }, 'InvalidNumParameter'],
    ['SearchImageByPic', { Num: '1.5' }, 'InvalidNumParameter'],
    ['SearchImageByPic', { Num: '101' }, 'OverflowMaxReturnNum'],
    ['SearchImageByPic', { Num: '9'.repeat(30) }, 'OverflowMaxReturnNum'],
    ['SearchImageByPic', { Start: '-1' }, 'InvalidStartParameter'],
    ['SearchImageByPic', { Start: '500' }, 'InvalidStartParameter'],
    ['SearchImageByPic', { Start: 'x' }, 'InvalidStartParameter'],
    ['SearchImageByPic', { Start: '401', Num: '100' }, 'OverflowMaxResultNum'],
    ['SearchImageByPic', { Filter: 'int_attr > "x"' }, 'InvalidFilterClause'],
    ['SearchImageByPic', { Filter: `str_attr="${'x'.repeat(4096)}"` }, 'InvalidFilterClause'],
    ['SearchImageByPic', { ScoreThreshold: '1.01' }, 'BadRequest'],
    ['SearchImageByPic', { ScoreThreshold: '0.123' }, 'BadRequest'],
    ['SearchImageByPic', { ScoreThreshold: '-0.1' }, 'BadRequest'],
    ['SearchImageByPic', { ScoreThreshold: 'high' }, 'BadRequest'],
    ['SearchImageByPic', { DistinctProductId: '2' }, 'BadRequest'],
    ['SearchImageByPic', { CategoryId: '23' }, 'InvalidCategory'],
    ['SearchImageByName', { ProductId: '' }, 'NoSpecifiedProductId'],
    ['SearchImageByName', { PicName: 'none' }, 'PicNotExist'],
    ['SearchImageByName', { CategoryId: '-1' }, 'InvalidCategory'],
    ['SearchImageByFilter', {}, 'MissingFilter'],
    ['SearchImageByFilter', { Filter: 'int_attr=1', Num: '101' }, 'OverflowMaxReturnNum'],
    ['CheckImageExists', { PicName: '' }, 'NoSpecifiedPicName'],
    ['Detail', { InstanceName: 'none' }, 'InvalidInstance'],
  ])('%s with %j answers %s', async (name, values, code) => {
    const given = Object.entries({ ...KEY, ...values }).filter(([, value]) => value !== '');
    const answer = call(name, Object.fromEntries(given), { PicContent: PICTURE });
    expect(await failureOf(answer)).toMatchObject({ code, status: 400 });
  });

  test.each<[string, Values, Pictures, string]>([
    ['AddImage', {}, {}, 'NoSpecifiedPicContent'],
    ['AddImage', { PicContent: '*' }, { PicContent: 'invalid' }, 'UnsupportedPicFormat'],
    ['AddImage', {}, { PicContent: 'invalid' }, 'UnsupportedPicFormat'],
    ['AddImage', {}, { PicContent: new Uint8Array() }, 'UnsupportedPicFormat'],
    ['AddImage', {}, { PicContent: TOO_LARGE }, 'InvalidPicContent'],
    ['AddImage', { PicContent: 'HTTP://a.b/c' }, { PicContent: 'invalid' }, 'InvalidPicUrl'],
    ['SearchImageByPic', {}, {}, 'NoSpecifiedPicContent'],
    ['SearchImageByPic', { PicContent: 'https://a' }, { PicContent: 'invalid' }, 'InvalidPicUrl'],
    ['CompareSimilarByImage', {}, {}, 'MissingPrimaryPicContent'],
    ['CompareSimilarByImage', {}, { PrimaryPicContent: PICTURE }, 'MissingSecondaryPicContent'],
    [
      'CompareSimilarByImage',
      {},
      { PrimaryPicContent: 'invalid', SecondaryPicContent: PICTURE },
      'InvalidPrimaryPicContent',
    ],
    [
      'CompareSimilarByImage',
      {},
      { PrimaryPicContent: PICTURE, SecondaryPicContent: 'invalid' },
      'InvalidSecondaryPicContent',
    ],
    [
      'CompareSimilarByImage',
      {},
      { PrimaryPicContent: TOO_LARGE, SecondaryPicContent: PICTURE },
      'InvalidPicContent',
    ],
  ])('%s with %j and %j answers %s', async (name, values, pictures, code) => {
    const answer = call(name, { ...KEY, ...values }, pictures);
    expect(await failureOf(answer)).toMatchObject({ code, status: 400 });
  });

  test.each<[string, Values, string, number]>([
    ['CreateInstance', {}, 'InvalidInstanceName', 400],
    ['CreateInstance', { InstanceName: 'x'.repeat(21) }, 'InvalidInstanceName', 400],
    ['CreateInstance', { InstanceName: 'a b' }, 'InvalidInstanceName', 400],
    ['CreateInstance', { InstanceName: 'new' }, 'MissingServiceType', 400],
    ['CreateInstance', { InstanceName: 'new', ServiceType: '9' }, 'InvalidServiceType', 400],
    ['CreateInstance', { InstanceName: 'demo', ServiceType: '0' }, 'InstanceAlreadyExists', 409],
    ['UpdateInstance', { InstanceName: 'demo', Capacity: '0' }, 'InvalidCapacity', 400],
    ['UpdateInstance', { InstanceName: 'demo', Qps: '-1' }, 'InvalidQps', 400],
    ['UpdateInstance', { InstanceName: 'demo', AutoOrient: 'x' }, 'BadRequest', 400],
    ['UpdateInstance', { InstanceName: 'none' }, 'InvalidInstance', 400],
    ['ListImages', { InstanceName: 'demo', Num: '1001' }, 'InvalidNumParameter', 400],
    ['ListImages', { InstanceName: 'demo', Cursor: 'x' }, 'InvalidCursor', 400],
    ['ListImages', { InstanceName: 'demo', Cursor: 'eyJhIjoxfQ' }, 'InvalidCursor', 400],
    ['ListImages', { InstanceName: 'demo', Filter: 'x' }, 'InvalidFilterClause', 400],
  ])('%s with %j answers %s', async (name, values, code, status) => {
    expect(await failureOf(administer(name, values))).toMatchObject({ code, status });
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
