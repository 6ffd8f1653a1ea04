import { describe, expect, test } from '@jest/globals';

import type { Catalog, CollectionInfo } from '../../src/catalog/catalog.ts';
import type { PictureAnalysis, PictureRequest } from '../../src/vision/vision.ts';
import { imageOf, openStoredCatalog, settingsOf, withFolder } from '../support/stored-catalog.ts';
import { TOLD_PACK, ToldVision } from '../support/told-vision.ts';

const RED = { vector: [1, 0, 0, 0], note: 'red' };
const BLUE = { vector: [0, 1, 0, 0], note: 'blue' };
const GREEN = { vector: [0, 0, 1, 0], note: 'green' };
const OTHER_PACK = { ...TOLD_PACK, fingerprint: 'told-2' };

/** How the modes of libraries look at a picture again. */
const FRAMINGS: Readonly<Record<string, object>> = {
  subject: { kind: 'subject' },
  whole: { kind: 'whole' },
  adaptive: { kind: 'subject', mustBeClear: true },
};

/** Sees what {@link ToldVision} sees, but for pictures of one note; remembers what it was asked. */
class PickyVision extends ToldVision {
  readonly requests: PictureRequest[] = [];
  readonly #hidden: string;

  constructor(hidden = 'nothing') {
    super(OTHER_PACK);
    this.#hidden = hidden;
  }

  override async analyze(request: PictureRequest): Promise<PictureAnalysis> {
    this.requests.push(request);
    const isHidden = Buffer.from(request.picture).includes(`"${this.#hidden}"`);
    return super.analyze(isHidden ? { ...request, picture: new Uint8Array() } : request);
  }
}

async function keysListed(catalog: Catalog, info: CollectionInfo): Promise<readonly string[]> {
  const { images } = await catalog.list(info, { start: 0, num: 100 });
  return images.map(({ productId, picName }) => `${productId}/${picName}`);
}

describe('pictures that another pack embedded', () => {
  test('are embedded again framed as they were, with what their owner told of them', () =>
    withFolder(async (folder) => {
      const first = await openStoredCatalog(folder);
      const info = await first.catalog.createCollection(settingsOf());
      const box = { x1: 10, y1: 20, x2: 90, y2: 80 };
      const told = { ...RED, categories: [{ id: 4, confidence: 1 }] };
      const attributes = { int_attr: 7 };
      await first.catalog.addImage(info, imageOf('a', 'box', told, { region: box, attributes }));
      await first.catalog.addImage(info, imageOf('a', 'given', told, { category: 3 }));
      await first.catalog.addImage(info, imageOf('a', 'whole', told, { crop: false }));
      await first.close();
      const vision = new PickyVision();
      const second = await openStoredCatalog(folder, { vision });
      await second.catalog.embedded();
      const framings = vision.requests.map(({ framing }) => framing);
      expect(framings).toEqual([{ kind: 'box', box }, { kind: 'subject' }, { kind: 'whole' }]);
      expect(vision.requests.every(({ priority }) => priority === 'background')).toBe(true);
      const { images } = await second.catalog.list(info, { start: 0, num: 9 });
      expect(images).toMatchObject([
        { picName: 'box', category: 4, region: box, attributes },
        { picName: 'given', category: 3 },
        { picName: 'whole', category: 4 },
      ]);
      expect(second.reports).toMatchObject([{ name: 'shop', embedded: 3, notKept: 0 }]);
      expect([second.damage, second.errors]).toEqual([[], []]);
      await second.close();
    }));

  test('are looked at again as the mode of their library says, those that were kept', () =>
    withFolder(async (folder) => {
      const first = await openStoredCatalog(folder);
      const subjects = [{ x1: 10, y1: 10, x2: 50, y2: 60 }];
      const tags = { color: 'red', sizes: ['s', 'm'] };
      for (const mode of ['subject', 'whole', 'adaptive'] as const) {
        const settings = settingsOf({ facade: 'library', name: mode, serviceType: 1, mode });
        const library = await first.catalog.createCollection(settings);
        const told = { ...RED, subjects };
        const image = imageOf('p', 'kept', told, { attributes: tags });
        await first.catalog.addImage(library, image);
        await first.catalog.addImage(library, imageOf('p', 'not', told, { keepPicture: false }));
      }
      await first.close();
      const vision = new PickyVision();
      const second = await openStoredCatalog(folder, { vision });
      const { catalog, reports } = second;
      await catalog.embedded();
      expect(vision.requests.map(({ framing }) => framing)).toEqual(
        reports.map(({ name }) => FRAMINGS[name]),
      );
      for (const mode of ['subject', 'whole', 'adaptive']) {
        const library = catalog.collection('library', mode);
        expect(library).toMatchObject({ status: 'ready', images: 2, unembedded: 1 });
        const { images } = await catalog.list(library, { start: 0, num: 9 });
        expect(images).toMatchObject([{ picName: 'kept', attributes: tags }]);
      }
      expect(reports.map(({ embedded, notKept }) => [embedded, notKept])).toEqual([
        [1, 1],
        [1, 1],
        [1, 1],
      ]);
      await second.close();
    }));

  test('and cannot be embedded again are left out of searches, and stay in the store', () =>
    withFolder(async (folder) => {
      const first = await openStoredCatalog(folder);
      const { catalog } = first;
      const info = await catalog.createCollection(settingsOf({ serviceType: 1 }));
      await catalog.addImage(info, imageOf('kept', 'a', RED));
      await catalog.addImage(info, imageOf('unreadable', 'b', BLUE));
      await catalog.addImage(info, imageOf('missing', 'c', GREEN));
      await catalog.updateCollection('instance', 'shop', { keepPictures: false });
      await catalog.addImage(info, imageOf('unkept', 'd', RED, { attributes: { int_attr: 1 } }));
      for await (const { record } of imagesOf(first, info)) {
        if (record.productId === 'missing') await first.objects.delete(record.objectHash ?? '');
      }
      await first.close();

      for (const start of ['first', 'second']) {
        const stored = await openStoredCatalog(folder, { vision: new PickyVision('blue') });
        await stored.catalog.embedded();
        expect([start, stored.errors]).toEqual([start, []]);
        expect(stored.reports).toMatchObject([{ notKept: 1, missing: 1, unreadable: 1 }]);
        const shop = stored.catalog.collection('instance', 'shop');
        expect(shop).toMatchObject({ status: 'ready', images: 4, unembedded: 3 });
        expect(await keysListed(stored.catalog, info)).toEqual(['kept/a']);
        const query = { kind: 'stored', productId: 'unkept', picName: 'd' } as const;
        const rest = { start: 0, num: 9, minScore: 0, distinct: false };
        await expect(stored.catalog.search(info, { query, ...rest })).rejects.toMatchObject({
          code: 'PicNotExist',
        });
        expect(await stored.catalog.getImage(info, query)).toMatchObject({ picName: 'd' });
        await stored.close();
      }

      const restored = await openStoredCatalog(folder);
      await restored.catalog.embedded();
      const all = ['kept/a', 'missing/c', 'unkept/d', 'unreadable/b'];
      expect(await keysListed(restored.catalog, info)).toEqual(all);
      await restored.close();
    }));

  test('and are left out can be changed, replaced and removed like all others', () =>
    withFolder(async (folder) => {
      const first = await openStoredCatalog(folder);
      const settings = settingsOf({ serviceType: 1, keepPictures: false });
      const info = await first.catalog.createCollection(settings);
      for (const [index, name] of ['a', 'b', 'c', 'd'].entries()) {
        const attributes = { int_attr: index };
        await first.catalog.addImage(info, imageOf(`p-${name}`, name, RED, { attributes }));
      }
      await first.close();
      const { catalog, ...stored } = await openStoredCatalog(folder, { vision: new PickyVision() });
      await catalog.embedded();
      const changed = { productId: 'p-a', picName: 'a', attributes: { int_attr: 9 } };
      expect(await catalog.updateImage(info, changed)).toMatchObject(changed);
      expect(await keysListed(catalog, info)).toEqual([]);
      await catalog.addImage(info, imageOf('p-b', 'b', BLUE));
      expect(await keysListed(catalog, info)).toEqual(['p-b/b']);
      const product = { kind: 'product', productId: 'p-c' } as const;
      expect(await catalog.removeImages(info, product)).toHaveLength(1);
      const filter = { kind: 'compare', field: 'int_attr', operator: '=', value: 9 } as const;
      expect(await catalog.removeImages(info, { kind: 'filter', filter })).toEqual([
        { productId: 'p-a', picName: 'a' },
      ]);
      const shop = catalog.collection('instance', 'shop');
      expect(shop).toMatchObject({ images: 2, unembedded: 1 });
      await catalog.clearCollection('instance', 'shop');
      expect(catalog.collection('instance', 'shop')).toMatchObject({ images: 0, unembedded: 0 });
      expect(stored.errors).toEqual([]);
      await stored.close();
    }));
});

async function* imagesOf(
  { records }: Awaited<ReturnType<typeof openStoredCatalog>>,
  { id }: CollectionInfo,
) {
  for await (const step of records.scan(id)) if (step.kind === 'image') yield step;
}
