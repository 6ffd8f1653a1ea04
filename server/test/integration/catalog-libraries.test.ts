import { describe, expect, test } from '@jest/globals';

import { parseFilter } from '@likeness/shared/filter';

import type {
  CollectionInfo,
  CollectionMode,
  SearchQuery,
  SearchRequest,
} from '../../src/catalog/catalog.ts';
import type { LikenessCatalog } from '../../src/catalog/likeness-catalog.ts';
import { imageOf, openStoredCatalog, settingsOf, withFolder } from '../support/stored-catalog.ts';
import {
  tellPicture,
  TOLD_TEXT_PACK,
  ToldVision,
  type ToldPicture,
} from '../support/told-vision.ts';

const ITEM = { x1: 10, y1: 10, x2: 50, y2: 60 };
const WHOLE = { x1: 0, y1: 0, x2: 200, y2: 200 };
const SHIRT: ToldPicture = { vector: [1, 0, 0, 0], subjects: [ITEM] };
const SCENE: ToldPicture = { vector: [0, 1, 0, 0] };
const GUESSED: ToldPicture = { ...SHIRT, isGuess: true };

const REQUEST: SearchRequest = {
  query: { kind: 'picture', picture: tellPicture(SHIRT), crop: true },
  start: 0,
  num: 10,
  minScore: 0,
  distinct: false,
};

/** A library as the operator API makes it. */
function libraryOf(mode: CollectionMode, name = 'shop'): ReturnType<typeof settingsOf> {
  return settingsOf({ facade: 'library', name, serviceType: 1, mode });
}

async function withLibrary(
  mode: CollectionMode,
  task: (catalog: LikenessCatalog, library: CollectionInfo) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const stored = await openStoredCatalog(folder, { vision: new ToldVision(TOLD_TEXT_PACK) });
    try {
      await task(stored.catalog, await stored.catalog.createCollection(libraryOf(mode)));
      expect(stored.errors).toEqual([]);
    } finally {
      await stored.close();
    }
  });
}

const byPicture = (told: ToldPicture): SearchQuery => ({
  kind: 'picture',
  picture: tellPicture(told),
  crop: true,
});

describe('a library', () => {
  test('keeps its description and when it changed, over a restart', () =>
    withFolder(async (folder) => {
      let clock = 1_000;
      const options = { now: () => clock };
      const first = await openStoredCatalog(folder, options);
      const created = await first.catalog.createCollection({
        ...libraryOf('whole'),
        description: 'Tops',
      });
      expect(created).toMatchObject({ createdMs: 1_000, updatedMs: 1_000, description: 'Tops' });
      clock = 2_000;
      await first.catalog.updateCollection('library', 'shop', { description: 'All tops' });
      await first.close();
      const second = await openStoredCatalog(folder, options);
      const { catalog } = second;
      const kept = { createdMs: 1_000, updatedMs: 2_000, description: 'All tops', mode: 'whole' };
      expect(catalog.collection('library', 'shop')).toMatchObject(kept);
      clock = 3_000;
      await catalog.clearCollection('library', 'shop');
      expect(catalog.collection('library', 'shop')).toMatchObject({ ...kept, updatedMs: 3_000 });
      await second.close();
    }));

  test('keeps the pictures that are to be kept, one by one', () =>
    withLibrary('whole', async (catalog, library) => {
      await catalog.addImage(library, imageOf('kept', 'a', SHIRT));
      await catalog.addImage(library, imageOf('not', 'a', SCENE, { keepPicture: false }));
      const { images } = await catalog.list(library, { start: 0, num: 10 });
      expect(images.map(({ productId, kept }) => [productId, kept !== undefined])).toEqual([
        ['kept', true],
        ['not', false],
      ]);
      await catalog.updateCollection('library', 'shop', { keepPictures: false });
      const now = catalog.collection('library', 'shop');
      await catalog.addImage(now, imageOf('asked', 'a', SHIRT, { keepPicture: true }));
      const asked = await catalog.getImage(now, { productId: 'asked', picName: 'a' });
      expect(asked?.kept?.bytes).toBe(tellPicture(SHIRT).length);
    }));

  test('replaces tags, or merges them, in answers and in filters', () =>
    withLibrary('whole', async (catalog, library) => {
      const key = { productId: 'p', picName: 'a' };
      const attributes = { color: 'red', sizes: ['s', 'm'], sale: true };
      await catalog.addImage(library, imageOf('p', 'a', SHIRT, { attributes }));
      const change = { ...key, attributes: { color: 'blue', price: 9.5 } };
      const count = async (filter: string): Promise<number> =>
        (await catalog.list(library, { filter: parseTags(filter), start: 0, num: 1 })).found;
      const merged = await catalog.updateImage(library, change);
      expect(merged.attributes).toEqual({ ...attributes, color: 'blue', price: 9.5 });
      expect([await count('sizes=m'), await count('color=red')]).toEqual([1, 0]);
      const replaced = await catalog.updateImage(library, { ...change, replaceAttributes: true });
      expect(replaced.attributes).toEqual(change.attributes);
      expect([await count('sizes=m'), await count('color=blue')]).toEqual([0, 1]);
    }));
});

/** `field=text`. */
function parseTags(text: string): ReturnType<typeof parseFilter> {
  const [field = '', value = ''] = text.split('=');
  return { kind: 'compare', field, operator: '=', value };
}

describe('the mode of a library', () => {
  test('of items refuses a picture without one, and finds nothing by it', () =>
    withLibrary('subject', async (catalog, library) => {
      expect(await catalog.addImage(library, imageOf('p', 'a', SHIRT))).toMatchObject({
        region: ITEM,
      });
      await expect(catalog.addImage(library, imageOf('p', 'b', SCENE))).rejects.toMatchObject({
        code: 'NoItemDetected',
        status: 400,
      });
      expect(library.id).toBeDefined();
      expect(catalog.collection('library', 'shop').images).toBe(1);
      expect(await catalog.search(library, REQUEST)).toMatchObject({ found: 1 });
      const missed = await catalog.search(library, { ...REQUEST, query: byPicture(SCENE) });
      expect(missed).toMatchObject({ hits: [], found: 0, mode: 'exact' });
      // A box that is given is the item.
      const region = { x1: 0, y1: 0, x2: 20, y2: 20 };
      expect(await catalog.addImage(library, imageOf('p', 'c', SCENE, { region }))).toMatchObject({
        region,
      });
    }));

  test('of items takes a guess for one, and an adaptive one does not', async () => {
    await withLibrary('subject', async (catalog, library) => {
      const added = await catalog.addImage(library, imageOf('p', 'a', GUESSED));
      expect(added.region).toEqual(ITEM);
    });
    await withLibrary('adaptive', async (catalog, library) => {
      const regions = [];
      for (const [name, told] of [
        ['item', SHIRT],
        ['guess', GUESSED],
        ['scene', SCENE],
      ] as const) {
        regions.push((await catalog.addImage(library, imageOf('p', name, told))).region);
      }
      expect(regions).toEqual([ITEM, WHOLE, WHOLE]);
      const found = await catalog.search(library, { ...REQUEST, query: byPicture(SCENE) });
      expect(found).toMatchObject({ found: 3, picture: { region: WHOLE } });
    });
  });

  test('of whole pictures looks for no item', () =>
    withLibrary('whole', async (catalog, library) => {
      expect(await catalog.addImage(library, imageOf('p', 'a', SHIRT))).toMatchObject({
        region: WHOLE,
      });
    }));

  test.each([
    ['subject', 'item_search'],
    ['adaptive', 'adaptive_search'],
  ] as const)('%s is not searched by text, and says so as documented', (mode, name) =>
    withLibrary(mode, async (catalog, library) => {
      const queries: readonly SearchQuery[] = [
        { kind: 'text', text: '1 0 0 0' },
        { ...byText('1 0 0 0'), ...sent(SHIRT), weights: { picture: 1, text: 1 } },
      ];
      for (const query of queries) {
        await expect(catalog.search(library, { ...REQUEST, query })).rejects.toMatchObject({
          code: 'ModeNotSupported',
          status: 400,
          message: `Image library 'shop' is in ${name} mode and does not support text-to-image search.`,
        });
      }
    }),
  );
});

function byText(text: string): { readonly kind: 'combined'; readonly text: string } {
  return { kind: 'combined', text };
}

function sent(told: ToldPicture): { readonly picture: Uint8Array; readonly crop: true } {
  return { picture: tellPicture(told), crop: true };
}

const fill = async (catalog: LikenessCatalog, library: CollectionInfo): Promise<void> => {
  for (const [productId, vector, attributes] of [
    ['both', [1, 1, 0, 0], { color: 'red' }],
    ['look', [1, 0, 0, 0], { color: ['green', 'dark red'] }],
    ['said', [0, 1, 0, 0], {}],
    ['none', [0, 0, 0, 1], { color: 'grey', note: 7 }],
  ] as const) {
    const image = imageOf(productId, 'front.jpg', { vector }, { attributes });
    await catalog.addImage(library, image);
  }
};
const rank = async (
  catalog: LikenessCatalog,
  library: CollectionInfo,
  query: SearchQuery,
  rest: Partial<SearchRequest> = {},
): Promise<string> => {
  const { hits, found, matchedBy } = await catalog.search(library, {
    ...REQUEST,
    ...rest,
    query,
  });
  return `${hits.map(({ productId, score }) => `${productId} ${score}`).join(', ')}; ${found} by ${matchedBy}`;
};
const combined = (picture: number, text: number): SearchQuery => ({
  ...byText('0 1 0 0'),
  ...sent({ vector: [1, 0, 0, 0] }),
  weights: { picture, text },
});

describe('a search in a library of whole pictures', () => {
  test('by picture and text weighs both on the scale of scores', () =>
    withLibrary('whole', async (catalog, library) => {
      await fill(catalog, library);
      const alone = await rank(catalog, library, byPicture({ vector: [1, 0, 0, 0] }));
      expect(await rank(catalog, library, combined(1, 0))).toBe(
        alone.replace('by undefined', 'by embedding'),
      );
      expect(await rank(catalog, library, combined(0, 3))).toBe(
        await rank(catalog, library, { kind: 'text', text: '0 1 0 0' }),
      );
      const names = async (picture: number, text: number): Promise<string> =>
        (await rank(catalog, library, combined(picture, text))).replaceAll(/ [\d.]+/gu, '');
      expect(await names(2, 1)).toBe('both, look, said, none; by embedding');
      expect(await names(1, 2)).toBe('both, said, look, none; by embedding');
      const [scores, looks, says] = await Promise.all(
        [combined(1, 1), combined(1, 0), combined(0, 1)].map(async (query) => {
          const { hits } = await catalog.search(library, { ...REQUEST, query });
          return new Map(hits.map(({ productId, score }) => [productId, score]));
        }),
      );
      // Never surer than the surer of the two, nor less sure than the other.
      for (const [productId, score] of scores ?? []) {
        const alone = [looks?.get(productId) ?? 0, says?.get(productId) ?? 0];
        expect(score).toBeGreaterThanOrEqual(Math.min(...alone));
        expect(score).toBeLessThanOrEqual(Math.max(...alone));
      }
      const minScore = scores?.get('both') ?? 0;
      const threshold = { ...REQUEST, query: combined(1, 1), minScore };
      expect(await catalog.search(library, threshold)).toMatchObject({
        found: 1,
        hits: [{ productId: 'both' }],
        picture: { region: WHOLE },
      });
    }));

  test('by a picture and a text that cannot be placed names the words', () =>
    withLibrary('whole', async (catalog, library) => {
      const query = { ...combined(1, 1), text: '1 zebra' } as SearchQuery;
      await expect(catalog.search(library, { ...REQUEST, query })).rejects.toMatchObject({
        code: 'UnknownText',
        message: 'The text cannot be placed, not known: "zebra". Languages known: en.',
      });
    }));

  test('falls back to words in tags and names, counted and cut like any other', () =>
    withLibrary('whole', async (catalog, library) => {
      await fill(catalog, library);
      const text = { kind: 'text', text: 'RED looks' } as const;
      expect(await rank(catalog, library, text)).toBe('look 1, both 0.5; 2 by words');
      expect(await rank(catalog, library, text, { minScore: 0.6 })).toBe('look 1; 1 by words');
      expect(await rank(catalog, library, text, { start: 1 })).toBe('both 0.5; 2 by words');
      const filter = parseTags('color=red');
      expect(await rank(catalog, library, text, { filter })).toBe('both 0.5; 1 by words');
      const front = { kind: 'text', text: 'front' } as const;
      expect(await rank(catalog, library, front, { num: 1 })).toBe('both 1; 4 by words');
      expect(await rank(catalog, library, { kind: 'text', text: 'zebra' })).toBe('; 0 by words');
    }));

  test('finds by words where the pack knows no text at all', () =>
    withFolder(async (folder) => {
      const stored = await openStoredCatalog(folder);
      const library = await stored.catalog.createCollection(libraryOf('whole'));
      await fill(stored.catalog, library);
      const text = { kind: 'text', text: 'grey' } as const;
      expect(await rank(stored.catalog, library, text)).toBe('none 1; 1 by words');
      await expect(
        stored.catalog.search(library, { ...REQUEST, query: combined(1, 1) }),
      ).rejects.toMatchObject({ code: 'ModeNotSupported' });
      await stored.close();
    }));

  test('counts one picture an image_id where that is asked for', () =>
    withLibrary('whole', async (catalog, library) => {
      for (const name of ['a', 'b']) {
        await catalog.addImage(library, imageOf('p', name, SHIRT));
        await catalog.addImage(library, imageOf(`q${name}`, name, SHIRT));
      }
      const answer = await catalog.search(library, { ...REQUEST, distinct: true });
      expect(answer.found).toBe(3);
      const key = { kind: 'stored', productId: 'p', picName: 'b' } as const;
      const similar = await catalog.search(library, { ...REQUEST, query: key, distinct: true });
      expect(similar.hits.map(({ productId, picName }) => `${productId}/${picName}`)).toEqual([
        'p/b',
        'qa/a',
        'qb/b',
      ]);
    }));
});

describe('many libraries of one server', () => {
  const LIBRARIES = 20;

  test('never show one another anything, over a restart too', () =>
    withFolder(async (folder) => {
      const options = { vision: new ToldVision(TOLD_TEXT_PACK) };
      const first = await openStoredCatalog(folder, options);
      for (let i = 0; i < LIBRARIES; i += 1) {
        const library = await first.catalog.createCollection(libraryOf('whole', `l${i}`));
        const attributes = { owner: `owner${i}`, [`only${i}`]: true, shared: 'same' };
        // The same names and the same picture everywhere.
        await first.catalog.addImage(library, imageOf('p', 'a', SHIRT, { attributes }));
        await first.catalog.addImage(library, imageOf('p', 'b', SCENE, { attributes }));
      }
      // An instance of the same name is another collection.
      const instance = await first.catalog.createCollection(settingsOf({ name: 'l7' }));
      expect(await first.catalog.search(instance, REQUEST)).toMatchObject({ found: 0 });
      await first.catalog.deleteCollection('library', 'l3');
      await first.catalog.clearCollection('library', 'l4');
      await expectApart(first.catalog, LIBRARIES);
      await first.close();
      const second = await openStoredCatalog(folder, options);
      expect(second.catalog.listCollections('library')).toHaveLength(LIBRARIES - 1);
      await expectApart(second.catalog, LIBRARIES);
      await second.close();
    }));
});

async function expectApart(catalog: LikenessCatalog, libraries: number): Promise<void> {
  for (let i = 0; i < libraries; i += 1) {
    if (i === 3) {
      expect(() => catalog.collection('library', 'l3')).toThrow('invalid');
      continue;
    }
    const library = catalog.collection('library', `l${i}`);
    const [own, none] = i === 4 ? [0, 0] : [2, 0];
    const searches: readonly (readonly [Partial<SearchRequest>, number])[] = [
      [{}, own],
      [{ query: { kind: 'text', text: '1 0 0 0' } }, own],
      [{ query: { kind: 'text', text: 'same' } }, own],
      [{ query: { kind: 'text', text: `owner${i}` } }, own],
      [{ query: { kind: 'text', text: `owner${i + 1}` } }, none],
      [{ filter: parseTags('shared=same') }, own],
      [{ filter: parseTags(`owner=owner${i + 1}`) }, none],
    ];
    for (const [change, found] of searches) {
      const answer = await catalog.search(library, { ...REQUEST, ...change });
      const owners = answer.hits.map(({ attributes }) => attributes['owner']);
      expect([i, change, answer.found, new Set(owners)]).toEqual([
        i,
        change,
        found,
        new Set(found === 0 ? [] : [`owner${i}`]),
      ]);
    }
  }
}
