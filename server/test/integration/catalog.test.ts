import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { describe, expect, test } from '@jest/globals';

import { OTHER_CATEGORY } from '@likeness/shared/api';
import { parseFilter } from '@likeness/shared/filter';

import type { CollectionInfo, SearchRequest, SearchResult } from '../../src/catalog/catalog.ts';
import type { LikenessCatalog } from '../../src/catalog/likeness-catalog.ts';
import {
  imageOf,
  openStoredCatalog,
  settingsOf,
  withFolder,
  type StoredCatalog,
} from '../support/stored-catalog.ts';
import { TOLD_PACK, tellPicture, ToldVision, type ToldPicture } from '../support/told-vision.ts';

const RED: ToldPicture = { vector: [1, 0, 0, 0], categories: [{ id: 0, confidence: 0.95 }] };
const ROSE: ToldPicture = { vector: [0.9, 0.1, 0, 0], categories: [{ id: 0, confidence: 0.95 }] };
const BLUE: ToldPicture = { vector: [0, 0, 1, 0], categories: [{ id: 4, confidence: 0.95 }] };

const QUERY: SearchRequest = {
  query: { kind: 'picture', picture: tellPicture(RED), crop: true },
  start: 0,
  num: 10,
  minScore: 0,
  distinct: false,
};

/** Runs `task` on a fresh catalog with one collection. */
async function withShop(
  task: (shop: StoredCatalog & { readonly info: CollectionInfo }) => Promise<void>,
  settings = settingsOf(),
): Promise<void> {
  await withFolder(async (folder) => {
    const stored = await openStoredCatalog(folder);
    try {
      const info = await stored.catalog.createCollection(settings);
      await task({ ...stored, info });
      expect(stored.errors).toEqual([]);
    } finally {
      await stored.close();
    }
  });
}

async function keysFound(
  catalog: LikenessCatalog,
  info: CollectionInfo,
  changes: Partial<SearchRequest> = {},
): Promise<readonly string[]> {
  const { hits } = await catalog.search(info, { ...QUERY, ...changes });
  return hits.map(({ productId, picName }) => `${productId}/${picName}`);
}

async function countObjects(folder: string): Promise<number> {
  const names = await readdir(join(folder, 'objects'), { recursive: true });
  return names.filter((name) => /[0-9a-f]{64}$/u.test(name)).length;
}

describe('pictures', () => {
  test('an added picture is found by the next search, a replaced or removed one never again', () =>
    withShop(async ({ catalog, info }) => {
      await catalog.addImage(info, imageOf('p', 'a', RED));
      expect(await keysFound(catalog, info)).toEqual(['p/a']);
      await catalog.addImage(info, imageOf('p', 'a', BLUE, { category: 0 }));
      const { hits } = await catalog.search(info, QUERY);
      expect(hits).toMatchObject([{ productId: 'p', score: 0.5, category: 0 }]);
      await catalog.removeImages(info, { kind: 'picture', productId: 'p', picName: 'a' });
      expect(await keysFound(catalog, info)).toEqual([]);
      expect(catalog.collection('instance', 'shop')).toMatchObject({ images: 0, storedBytes: 0 });
    }));

  test('an update merges attributes and is refused for a picture that is not there', () =>
    withShop(async ({ catalog, info }) => {
      const attributes = { int_attr: 1, str_attr: 'x' };
      await catalog.addImage(info, imageOf('p', 'a', RED, { attributes, customContent: 'old' }));
      const update = { productId: 'p', picName: 'a', attributes: { int_attr: 2 } };
      await catalog.updateImage(info, { ...update, customContent: 'new' });
      expect(await catalog.getImage(info, update)).toMatchObject({
        customContent: 'new',
        attributes: { int_attr: 2, str_attr: 'x' },
      });
      const filter = parseFilter('int_attr = 2');
      expect(await keysFound(catalog, info, { filter })).toEqual(['p/a']);
      await expect(catalog.updateImage(info, { ...update, picName: 'b' })).rejects.toMatchObject({
        code: 'PicNotExist',
      });
    }));

  test('a product or a filter removes every picture it names and says which', () =>
    withShop(async ({ catalog, info }) => {
      for (const [productId, picName] of [
        ['p', 'b'],
        ['p', 'a'],
        ['q', 'a'],
        ['q', 'b'],
      ] as const) {
        const attributes = { str_attr: picName };
        await catalog.addImage(info, imageOf(productId, picName, RED, { attributes }));
      }
      expect(await catalog.removeImages(info, { kind: 'product', productId: 'p' })).toEqual([
        { productId: 'p', picName: 'a' },
        { productId: 'p', picName: 'b' },
      ]);
      const filter = parseFilter('str_attr = "b"');
      expect(await catalog.removeImages(info, { kind: 'filter', filter })).toEqual([
        { productId: 'q', picName: 'b' },
      ]);
      expect(await catalog.removeImages(info, { kind: 'product', productId: 'p' })).toEqual([]);
      expect(await keysFound(catalog, info)).toEqual(['q/a']);
    }));

  test('lists go by key bytes, from a cursor on', () =>
    withShop(async ({ catalog, info }) => {
      const ids = ['a', 'a\u0000', 'a\u0001', 'a!', 'b', '\uFFFD', '\u{1F600}'];
      for (const id of ids.toReversed()) await catalog.addImage(info, imageOf(id, '1', RED));
      const { images, found } = await catalog.list(info, { start: 0, num: 100 });
      expect(images.map(({ productId }) => productId)).toEqual(ids);
      expect(found).toBe(7);
      const after = { productId: 'a\u0001', picName: '1' };
      const page = await catalog.list(info, { after, start: 0, num: 2 });
      expect(page.images.map(({ productId }) => productId)).toEqual(['a!', 'b']);
    }));

  test('bytes are kept as long as a record refers to them, and only if the collection keeps any', () =>
    withShop(async ({ catalog, info, folder }) => {
      await catalog.addImage(info, imageOf('p', 'a', RED));
      await catalog.addImage(info, imageOf('p', 'b', RED));
      await catalog.removeImages(info, { kind: 'picture', productId: 'p', picName: 'a' });
      await catalog.maintain();
      expect(await countObjects(folder)).toBe(1);
      await catalog.addImage(info, imageOf('p', 'b', BLUE));
      await catalog.maintain();
      expect(await countObjects(folder)).toBe(1);
      const bare = await catalog.createCollection(settingsOf({ name: 'x', keepPictures: false }));
      await catalog.addImage(bare, imageOf('p', 'a', ROSE));
      expect(await countObjects(folder)).toBe(1);
      await catalog.clearCollection('instance', 'shop');
      await catalog.maintain();
      expect(await countObjects(folder)).toBe(0);
    }));

  test('a client that has gone adds nothing', () =>
    withShop(async ({ catalog, info }) => {
      const signal = AbortSignal.abort();
      await expect(catalog.addImage(info, imageOf('p', 'a', RED), { signal })).rejects.toThrow();
      expect(await keysFound(catalog, info)).toEqual([]);
    }));
});

describe('capacity', () => {
  test('refuses growth at the limit, never an overwrite, also among concurrent adds', () =>
    withShop(
      async ({ catalog, info }) => {
        const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
        const adds = names.map((name) => catalog.addImage(info, imageOf('p', name, RED)));
        const outcomes = await Promise.allSettled(adds);
        const refused = outcomes.filter(({ status }) => status === 'rejected');
        expect(refused).toHaveLength(5);
        expect(refused[0]).toMatchObject({ reason: { code: 'InstanceOverQuota' } });
        const { images } = await catalog.list(info, { start: 0, num: 10 });
        const again = images.map(({ picName }) =>
          catalog.addImage(info, imageOf('p', picName, RED)),
        );
        expect(await Promise.all(again)).toHaveLength(3);
        expect(catalog.collection('instance', 'shop').images).toBe(3);
      },
      settingsOf({ capacity: 3 }),
    ));

  test('the last of concurrent adds to one key wins in record and index alike', () =>
    withShop(async ({ catalog, info }) => {
      const adds = Array.from({ length: 20 }, (_, index) =>
        catalog.addImage(info, imageOf('p', 'a', RED, { attributes: { int_attr: index } })),
      );
      await Promise.all(adds);
      const image = await catalog.getImage(info, { productId: 'p', picName: 'a' });
      const filter = parseFilter(`int_attr = ${String(image?.attributes['int_attr'])}`);
      expect(await keysFound(catalog, info, { filter })).toEqual(['p/a']);
    }));
});

const guessed = (...confidences: readonly number[]): ToldPicture => ({
  vector: [1, 0, 0, 0],
  categories: confidences.map((confidence, id) => ({ id, confidence })),
});

describe('categories', () => {
  test('a search stays inside the given, the predicted, or the few likely categories', () =>
    withShop(async ({ catalog, info }) => {
      for (const category of [0, 1, 2, 3]) {
        await catalog.addImage(info, imageOf('p', String(category), RED, { category }));
      }
      expect(await keysFound(catalog, info)).toEqual(['p/0']);
      expect(await keysFound(catalog, info, { category: 3 })).toEqual(['p/3']);
      const search = (picture: ToldPicture): Promise<SearchResult> => {
        const query = { kind: 'picture', picture: tellPicture(picture), crop: true } as const;
        return catalog.search(info, { ...QUERY, query });
      };
      const unsure = await search(guessed(0.4, 0.3, 0.25, 0.05));
      expect(unsure.hits.map(({ picName }) => picName)).toEqual(['0', '1', '2']);
      expect(unsure).toMatchObject({ picture: { category: 0 }, found: 3 });
      const clueless = await search(guessed(0.4, 0.3, 0.15, 0.15));
      expect(clueless).toMatchObject({ picture: { category: 0 }, found: 4 });
      const stored = { kind: 'stored', productId: 'p', picName: '2' } as const;
      expect(await keysFound(catalog, info, { query: stored })).toEqual(['p/2']);
    }));

  test('other service types have one category and are never scoped', () =>
    withShop(
      async ({ catalog, info }) => {
        const added = await catalog.addImage(info, imageOf('p', 'a', RED, { category: 3 }));
        expect(added.category).toBe(OTHER_CATEGORY);
        expect(await keysFound(catalog, info, { category: 2 })).toEqual(['p/a']);
      },
      settingsOf({ serviceType: 1 }),
    ));

  test('a pack that predicts nothing leaves pictures uncategorised and searches unscoped', () =>
    withFolder(async (folder) => {
      const vision = new ToldVision({ ...TOLD_PACK, predictsCategories: false });
      const stored = await openStoredCatalog(folder, { vision });
      const { catalog } = stored;
      const info = await catalog.createCollection(settingsOf());
      expect(await catalog.addImage(info, imageOf('p', 'a', RED))).toMatchObject({
        category: OTHER_CATEGORY,
      });
      await catalog.addImage(info, imageOf('p', 'b', RED, { category: 2 }));
      expect(await keysFound(catalog, info)).toEqual(['p/a', 'p/b']);
      const query = { kind: 'stored', productId: 'p', picName: 'a' } as const;
      expect(await keysFound(catalog, info, { query })).toEqual(['p/a', 'p/b']);
      await stored.close();
    }));
});

describe('framing', () => {
  const SUBJECT = { x1: 10, y1: 10, x2: 50, y2: 60 };
  const BOX = { x1: 1, y1: 2, x2: 30, y2: 40 };
  const WHOLE = { x1: 0, y1: 0, x2: 600, y2: 600 };
  const SEEN: ToldPicture = { vector: [1, 0, 0, 0], sidePx: 600, subjects: [SUBJECT] };

  test.each([
    ['the subject by default', 0, { crop: true }, SUBJECT],
    ['a region over the subject', 0, { crop: true, region: BOX }, BOX],
    ['a region over the whole picture', 0, { crop: false, region: BOX }, BOX],
    ['the whole picture without crop', 0, { crop: false }, WHOLE],
    ['the whole picture for fabric', 2, { crop: true }, WHOLE],
    ['a region in fabric too', 2, { crop: true, region: BOX }, BOX],
  ])('embeds %s', (_, serviceType, changes, region) =>
    withShop(async ({ catalog, info }) => {
      const found = await catalog.addImage(info, imageOf('p', 'a', SEEN, changes));
      expect(found).toMatchObject({ region, regions: [region] });
      const query = { kind: 'stored', productId: 'p', picName: 'a' } as const;
      expect(await catalog.search(info, { ...QUERY, query })).toMatchObject({
        picture: { region, regions: [region] },
      });
    }, settingsOf({ serviceType })),
  );

  test('holds pictures to their service type and libraries to their own limits', () =>
    withShop(async ({ catalog, info }) => {
      const small = { ...RED, sidePx: 50 };
      await expect(catalog.addImage(info, imageOf('p', 'a', small))).rejects.toMatchObject({
        code: 'UnsupportedPicPixels',
      });
      const library = await catalog.createCollection(
        settingsOf({ facade: 'library', serviceType: 1, mode: 'whole' }),
      );
      expect(await catalog.addImage(library, imageOf('p', 'a', small))).toBeDefined();
    }));
});

describe('searches', () => {
  test('by a stored picture put it first with score 1, whatever ties', () =>
    withShop(async ({ catalog, info }) => {
      for (const name of ['a', 'b', 'c']) await catalog.addImage(info, imageOf('p', name, RED));
      const query = { kind: 'stored', productId: 'p', picName: 'b' } as const;
      const { hits } = await catalog.search(info, { ...QUERY, query });
      expect(hits.map(({ picName }) => picName)).toEqual(['b', 'a', 'c']);
      expect(hits[0]).toMatchObject({ score: 1, rawScore: 1 });
      const unknown = { ...query, picName: 'z' };
      await expect(catalog.search(info, { ...QUERY, query: unknown })).rejects.toMatchObject({
        code: 'PicNotExist',
      });
    }));

  test('page, threshold and one hit a product', () =>
    withShop(async ({ catalog, info }) => {
      await catalog.addImage(info, imageOf('p', 'a', RED));
      await catalog.addImage(info, imageOf('p', 'b', ROSE));
      await catalog.addImage(info, imageOf('q', 'a', ROSE));
      expect(await keysFound(catalog, info, { start: 1, num: 1 })).toEqual(['p/b']);
      expect(await keysFound(catalog, info, { distinct: true })).toEqual(['p/a', 'q/a']);
      const answer = await catalog.search(info, { ...QUERY, minScore: 0.999 });
      expect(answer).toMatchObject({ found: 1, hits: [{ picName: 'a', score: 1 }] });
    }));

  test('two pictures compare as the collection frames them', () =>
    withShop(async ({ catalog, info }) => {
      const [red, blue] = [tellPicture(RED), tellPicture(BLUE)];
      expect(await catalog.compare(info, [red, red])).toBe(1);
      expect(await catalog.compare(info, [red, blue])).toBe(0.5);
    }));

  test('while pictures come and go never show one that is not what its answer says', () =>
    withShop(async ({ catalog, info }) => {
      const write = async (name: string): Promise<void> => {
        for (let round = 0; round < 15; round += 1) {
          const attributes = { int_attr: round };
          const customContent = String(round);
          await catalog.addImage(info, imageOf('p', name, RED, { attributes, customContent }));
          await catalog.removeImages(info, { kind: 'picture', productId: 'p', picName: name });
        }
      };
      const ended = new AbortController();
      const writes = Promise.all(['a', 'b', 'c'].map(write)).finally(() => ended.abort());
      while (!ended.signal.aborted) {
        await setImmediate();
        const { hits, found } = await catalog.search(info, QUERY);
        expect(hits.length).toBe(found);
        for (const hit of hits) {
          expect(hit.customContent).toBe(String(hit.attributes['int_attr']));
        }
      }
      await writes;
      expect(await keysFound(catalog, info)).toEqual([]);
    }));
});

describe('collections', () => {
  test('have one name space per facade and are listed by name', () =>
    withShop(async ({ catalog }) => {
      await catalog.createCollection(settingsOf({ name: 'attic' }));
      await catalog.createCollection(settingsOf({ facade: 'library', serviceType: 1 }));
      const again = catalog.createCollection(settingsOf());
      await expect(again).rejects.toMatchObject({ code: 'InstanceAlreadyExists' });
      const names = catalog.listCollections('instance').map(({ name }) => name);
      expect(names).toEqual(['attic', 'shop']);
      expect(() => catalog.collection('library', 'attic')).toThrow(
        expect.objectContaining({ code: 'InvalidInstance' }),
      );
    }));

  test('are unavailable while they are cleared, empty after it, gone when deleted', () =>
    withShop(async ({ catalog, info }) => {
      await catalog.addImage(info, imageOf('p', 'a', RED));
      const clearing = catalog.clearCollection('instance', 'shop');
      expect(catalog.collection('instance', 'shop').status).toBe('clearing');
      await expect(catalog.search(info, QUERY)).rejects.toMatchObject({
        code: 'InstanceStatusError',
      });
      expect(await clearing).toBe(1);
      expect(catalog.collection('instance', 'shop')).toMatchObject({ status: 'ready', images: 0 });
      await catalog.addImage(info, imageOf('p', 'b', RED));
      expect(await keysFound(catalog, info)).toEqual(['p/b']);
      expect(await catalog.deleteCollection('instance', 'shop')).toBe(1);
      await expect(catalog.search(info, QUERY)).rejects.toMatchObject({ code: 'InvalidInstance' });
      await catalog.createCollection(settingsOf());
      expect(catalog.collection('instance', 'shop').images).toBe(0);
    }));

  test('keep changed settings', () =>
    withFolder(async (folder) => {
      const first = await openStoredCatalog(folder);
      await first.catalog.createCollection(settingsOf());
      await first.catalog.updateCollection('instance', 'shop', { capacity: 7, qps: 3, addQps: 2 });
      await first.close();
      const second = await openStoredCatalog(folder);
      expect(second.catalog.collection('instance', 'shop')).toMatchObject({
        capacity: 7,
        qps: 3,
        addQps: 2,
        deleteQps: 0,
      });
      await second.close();
    }));

  test('whose vectors another pack made wait to be embedded again, and can be cleared', () =>
    withFolder(async (folder) => {
      const first = await openStoredCatalog(folder);
      const info = await first.catalog.createCollection(settingsOf());
      await first.catalog.addImage(info, imageOf('p', 'a', RED));
      await first.close();
      const vision = new ToldVision({ ...TOLD_PACK, fingerprint: 'told-2' });
      const stored = await openStoredCatalog(folder, { vision });
      const { catalog } = stored;
      expect(catalog.collection('instance', 'shop').status).toBe('embedding');
      await expect(catalog.search(info, QUERY)).rejects.toMatchObject({
        code: 'InstanceStatusError',
      });
      await catalog.clearCollection('instance', 'shop');
      await catalog.addImage(info, imageOf('p', 'a', RED));
      expect(await keysFound(catalog, info)).toEqual(['p/a']);
      await stored.close();
    }));
});
