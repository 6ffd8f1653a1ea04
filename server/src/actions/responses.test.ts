import { beforeEach, describe, expect, test } from '@jest/globals';

import { openActionServices, PLAIN_CALL } from '../../test/support/action-services.ts';
import { MemoryCatalog, PLAIN_SETTINGS } from '../../test/support/memory-catalog.ts';
import { ROOT_RIGHTS } from '../auth/rights.ts';
import { findAction } from './action-table.ts';
import type { ActionServices } from './action.ts';

type Values = Readonly<Record<string, string>>;

const PICTURE = Uint8Array.of(1, 2, 3);
const ALL = {
  InstanceName: 'demo',
  ProductId: 'p1',
  PicName: 'a.jpg',
  CategoryId: '2',
  Region: '1,2,3,4',
  CustomContent: '{"k":1}',
  IntAttr: '-5',
  IntAttr4: '7',
  StrAttr2: '颜色',
};
const STORED = {
  ProductId: 'p1',
  PicName: 'a.jpg',
  CategoryId: 2,
  CustomContent: '{"k":1}',
  IntAttr: -5,
  IntAttr2: 0,
  IntAttr3: 0,
  IntAttr4: 7,
  StrAttr: '',
  StrAttr2: '颜色',
  StrAttr3: '',
  StrAttr4: '',
};
const WRITTEN = { Success: true, Code: 0, Message: 'success' };
const FOUND = { ...WRITTEN, Msg: 'success' };

let services: ActionServices;

beforeEach(async () => {
  const catalog = new MemoryCatalog();
  services = await openActionServices(catalog, () => 1000);
  await catalog.createCollection({ ...PLAIN_SETTINGS, capacity: 10_001 });
});

async function call(name: string, values: Values, version = '2020-12-14'): Promise<object> {
  const pictures = ['PicContent', 'PrimaryPicContent', 'SecondaryPicContent'].map(
    (each) => [each, { kind: 'bytes', bytes: PICTURE }] as const,
  );
  return findAction(version, name)(
    {
      ...PLAIN_CALL,
      parameters: { text: new Map(Object.entries(values)), pictures: new Map(pictures) },
      caller: { accessKeyId: 'k', rights: ROOT_RIGHTS },
    },
    services,
  );
}

const administer = (name: string, values: Values = {}): Promise<object> =>
  call(name, values, '2026-11-01');

describe('bodies, field for field', () => {
  test('AddImage', async () => {
    expect(await call('AddImage', ALL)).toEqual({
      ...WRITTEN,
      PicInfo: {
        CategoryId: 2,
        Region: '1,2,3,4',
        AllCategories: expect.arrayContaining([{ Id: 0, Name: 'Tops' }]),
        MultiRegion: [{ Region: '1,2,3,4' }],
      },
    });
  });

  test('only types that predict list the whole enumeration', async () => {
    await services.catalog.createCollection({ ...PLAIN_SETTINGS, name: 'plain', serviceType: 1 });
    expect(await call('AddImage', { ...ALL, InstanceName: 'plain' })).toMatchObject({
      PicInfo: { AllCategories: [{ Id: 88888888, Name: 'Others' }] },
    });
  });

  test('SearchImageByPic and SearchImageByName', async () => {
    await call('AddImage', ALL);
    const expected = {
      ...FOUND,
      Head: {
        DocsFound: 1,
        DocsReturn: 1,
        SearchTime: 1,
        SearchMode: 'exact',
        RowsScanned: 1,
      },
      PicInfo: expect.objectContaining({ CategoryId: 88888888, Region: '0,100,0,100' }),
      Auctions: [{ ...STORED, Score: 1, SortExprValues: '7.33136443711219e+24;0' }],
    };
    const key = { InstanceName: 'demo', ProductId: 'p1', PicName: 'a.jpg' };
    expect(await call('SearchImageByPic', { InstanceName: 'demo' })).toEqual(expected);
    expect(await call('SearchImageByName', key)).toEqual(expected);
  });

  test('SearchImageByText has seen no picture, and says what it matched', async () => {
    await call('AddImage', ALL);
    expect(await call('SearchImageByText', { InstanceName: 'demo', Text: 'red' })).toEqual({
      ...FOUND,
      Head: {
        DocsFound: 1,
        DocsReturn: 1,
        SearchTime: 1,
        SearchMode: 'exact',
        RowsScanned: 1,
        MatchedBy: 'embedding',
      },
      PicInfo: { AllCategories: expect.arrayContaining([{ Id: 0, Name: 'Tops' }]) },
      Auctions: [{ ...STORED, Score: 0.5 }],
    });
  });

  test('SearchImageByFilter has a Head, and hits without a score', async () => {
    await call('AddImage', ALL);
    await call('AddImage', { ...ALL, PicName: 'b.jpg' });
    const values = { InstanceName: 'demo', Filter: 'intAttr=-5', Num: '1' };
    expect(await call('SearchImageByFilter', values)).toEqual({
      ...FOUND,
      Head: {
        DocsFound: 2,
        DocsReturn: 1,
        SearchTime: 0,
        SearchMode: 'exact',
        RowsScanned: 0,
      },
      Auctions: [STORED],
    });
  });

  test('CheckImageExists answers one object, never an array', async () => {
    await call('AddImage', ALL);
    expect(await call('CheckImageExists', ALL)).toEqual({
      ...FOUND,
      Exists: true,
      Auctions: STORED,
    });
    expect(await call('CheckImageExists', { ...ALL, PicName: 'none' })).toEqual({
      ...FOUND,
      Exists: false,
      Auctions: {},
    });
  });

  test('UpdateImage changes what was sent and keeps the rest', async () => {
    await call('AddImage', ALL);
    const { InstanceName, ProductId, PicName } = ALL;
    const update = { InstanceName, ProductId, PicName, IntAttr: '9', StrAttr: 'new' };
    expect(await call('UpdateImage', update)).toEqual(WRITTEN);
    expect(await call('CheckImageExists', ALL)).toMatchObject({
      Auctions: { ...STORED, IntAttr: 9, StrAttr: 'new' },
    });
  });

  test('DeleteImage names what it removed: a picture, a product, a filter, or nothing', async () => {
    for (const PicName of ['a', 'b', 'c', 'd']) await call('AddImage', { ...ALL, PicName });
    await call('AddImage', { ...ALL, ProductId: 'p2', IntAttr: '1' });
    const remove = (values: Values): Promise<object> =>
      call('DeleteImage', { InstanceName: 'demo', ...values });

    expect(await remove({ ProductId: 'p1', PicName: 'b' })).toEqual(removed('b'));
    expect(await remove({ ProductId: 'p1', PicName: 'b' })).toEqual(removed());
    expect(await remove({ IsDeleteByFilter: 'True', Filter: 'int_attr=1' })).toEqual(
      removed('a.jpg'),
    );
    expect(await remove({ ProductId: 'p1', Filter: 'int_attr=1' })).toEqual(removed('a', 'c', 'd'));
  });

  test('CompareSimilarByImage', async () => {
    expect(await call('CompareSimilarByImage', ALL)).toEqual({ ...FOUND, Score: 1 });
  });

  test('Detail counts capacity in ten thousands, and times as text', async () => {
    await call('AddImage', ALL);
    expect(await call('Detail', ALL)).toEqual({
      Success: true,
      Instance: {
        Name: 'demo',
        Capacity: 2,
        Qps: 0,
        Region: 'local',
        ServiceType: 0,
        TotalCount: 1,
        Status: 'ready',
        UnembeddedCount: 0,
        UtcCreate: '1700000000000',
        UtcExpireTime: '4102444800000',
      },
    });
  });
});

describe('administration', () => {
  const CREATED = {
    InstanceName: 'new',
    ServiceType: 2,
    ServiceTypeName: 'fabric',
    Status: 'ready',
    Capacity: 100_000,
    Qps: 0,
    AddQps: 0,
    DeleteQps: 0,
    AutoOrient: false,
    KeepPictures: true,
    ImageCount: 0,
    StoredBytes: 0,
    UnembeddedCount: 0,
    UtcCreate: '1700000000000',
  };

  test('an instance is created by number or name, with defaults, listed and changed', async () => {
    const created = await administer('CreateInstance', {
      InstanceName: 'new',
      ServiceType: 'Fabric',
    });
    expect(created).toEqual({ ...WRITTEN, Instance: CREATED });
    const second = { InstanceName: 'a', ServiceType: '7', Capacity: '5', Qps: '3', AddQps: '4' };
    await administer('CreateInstance', { ...second, AutoOrient: '1', KeepPictures: 'false' });
    expect(await administer('ListInstances')).toEqual({
      ...WRITTEN,
      Instances: [
        expect.objectContaining({
          InstanceName: 'a',
          ServiceTypeName: 'trademark',
          Qps: 3,
          AddQps: 4,
        }),
        expect.objectContaining({ InstanceName: 'demo' }),
        CREATED,
      ],
    });
    expect(await administer('UpdateInstance', { InstanceName: 'new', DeleteQps: '7' })).toEqual({
      ...WRITTEN,
      Instance: { ...CREATED, DeleteQps: 7 },
    });
  });

  test('fabric embeds whole pictures, all others the subject', async () => {
    for (const ServiceType of ['0', '1', '2', '3', '4', '5', '6', '8']) {
      await administer('CreateInstance', { InstanceName: `t${ServiceType}`, ServiceType });
    }
    const modes = services.catalog
      .listCollections('instance')
      .filter(({ mode }) => mode === 'whole')
      .map(({ name }) => name);
    expect(modes).toEqual(['t2']);
  });

  test('clearing and deleting answer how many pictures went', async () => {
    await call('AddImage', ALL);
    await call('AddImage', { ...ALL, PicName: 'b' });
    const instance = { InstanceName: 'demo' };
    expect(await administer('ClearInstance', instance)).toEqual({
      ...WRITTEN,
      Data: { Removed: 2 },
    });
    await call('AddImage', ALL);
    expect(await administer('DeleteInstance', instance)).toEqual({
      ...WRITTEN,
      Data: { Removed: 1 },
    });
    expect(await administer('ListInstances')).toMatchObject({ Instances: [] });
  });

  test('pages of ListImages are the whole list, in key order, once', async () => {
    const names = Array.from({ length: 7 }, (_, i) => `\u4E2D+/${i}`);
    for (const PicName of names.toReversed()) {
      await call('AddImage', { ...ALL, PicName, IntAttr: PicName.endsWith('3') ? '1' : '0' });
    }
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = (await administer('ListImages', {
        InstanceName: 'demo',
        Num: '2',
        Filter: 'int_attr=0',
        ...(cursor !== '' && { Cursor: cursor }),
      })) as { Images: { PicName: string }[]; NextCursor: string; Total: number };
      expect(page.Total).toBe(6);
      seen.push(...page.Images.map(({ PicName }) => PicName));
      cursor = page.NextCursor;
    } while (cursor !== '');
    expect(seen).toEqual(names.filter((name) => !name.endsWith('3')));
  });

  test('ListImages shows everything that is known', async () => {
    await call('AddImage', ALL);
    expect(await administer('ListImages', { InstanceName: 'demo' })).toEqual({
      ...WRITTEN,
      Images: [{ ...STORED, Region: '1,2,3,4', UtcCreate: '1' }],
      Total: 1,
      NextCursor: '',
    });
  });
});

function removed(...PicNames: string[]): object {
  return { ...WRITTEN, Data: { PicNames } };
}
