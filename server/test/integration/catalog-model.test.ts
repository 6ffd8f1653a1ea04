import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { matches } from '@likeness/shared/filter';

import type { CollectionInfo, RemoveTarget, SearchQuery } from '../../src/catalog/catalog.ts';
import type { ImageKey } from '../../src/store/image-key.ts';
import { compareImageKeys } from '../support/compare-image-keys.ts';
import { steps, type Step } from '../support/random-steps.ts';
import { DIRECTIONS, ShelfModel, type Ranking, type Shown } from '../support/shelf-model.ts';
import {
  imageOf,
  openStoredCatalog,
  settingsOf,
  withFolder,
  type StoredCatalog,
} from '../support/stored-catalog.ts';
import { tellPicture } from '../support/told-vision.ts';

const RUNS = process.env['LIKENESS_PROVE'] === undefined ? 20 : 500;
const SEED = 20_261_121;
const WIDE = 1_000;

type StepOf<Kind extends Step['kind']> = Extract<Step, { readonly kind: Kind }>;

/** The catalog under test and its model, taking the same steps. */
class Comparison {
  readonly #folder: string;
  readonly #model = new ShelfModel();
  #stored: StoredCatalog;
  #info: CollectionInfo;

  private constructor(folder: string, stored: StoredCatalog, info: CollectionInfo) {
    this.#folder = folder;
    this.#stored = stored;
    this.#info = info;
  }

  static async open(folder: string): Promise<Comparison> {
    const stored = await openStoredCatalog(folder);
    return new Comparison(folder, stored, await stored.catalog.createCollection(settingsOf()));
  }

  async take(step: Step): Promise<void> {
    // Every kind names a method, which takes the steps of that kind.
    await (this[step.kind] as (step: Step) => Promise<void>).call(this, step);
    const { images } = this.#stored.catalog.collection('instance', 'shop');
    expect(images).toBe(this.#model.images.size);
  }

  async close(): Promise<void> {
    await this.#stored.close();
    expect([this.#stored.damage, this.#stored.errors]).toEqual([[], []]);
  }

  async add({ image }: StepOf<'add'>): Promise<void> {
    this.#model.put(image);
    const { productId, picName, direction, ...shown } = image;
    const told = { vector: DIRECTIONS[direction] ?? [] };
    await this.#stored.catalog.addImage(this.#info, imageOf(productId, picName, told, shown));
  }

  async update({ key, attributes }: StepOf<'update'>): Promise<void> {
    const before = this.#model.get(key);
    const updating = this.#stored.catalog.updateImage(this.#info, { ...key, attributes });
    if (before === undefined) {
      await expect(updating).rejects.toMatchObject({ code: 'PicNotExist' });
      return;
    }
    this.#model.put({ ...before, attributes: { ...before.attributes, ...attributes } });
    await updating;
  }

  remove({ key }: StepOf<'remove'>): Promise<void> {
    const isMeant = (image: Shown): boolean => compareImageKeys(image, key) === 0;
    return this.#remove({ kind: 'picture', ...key }, isMeant);
  }

  removeProduct({ productId }: StepOf<'removeProduct'>): Promise<void> {
    return this.#remove({ kind: 'product', productId }, (image) => image.productId === productId);
  }

  removeFilter({ filter }: StepOf<'removeFilter'>): Promise<void> {
    const isMeant = ({ attributes }: Shown): boolean => matches(filter, attributes);
    return this.#remove({ kind: 'filter', filter }, isMeant);
  }

  async clear(): Promise<void> {
    const count = this.#model.removeWhere(() => true).length;
    expect(await this.#stored.catalog.clearCollection('instance', 'shop')).toBe(count);
  }

  async reopen({ loseDerived }: StepOf<'reopen'>): Promise<void> {
    await this.close();
    if (loseDerived) await rm(join(this.#folder, 'derived'), { recursive: true });
    this.#stored = await openStoredCatalog(this.#folder);
    this.#info = this.#stored.catalog.collection('instance', 'shop');
  }

  async search({ direction, ranking }: StepOf<'search'>): Promise<void> {
    const picture = tellPicture({ vector: DIRECTIONS[direction] ?? [] });
    const expected = this.#model.rank(direction, ranking, ranking.category);
    await this.#search({ kind: 'picture', picture, crop: true }, ranking, expected);
  }

  async searchStored({ key, ranking }: StepOf<'searchStored'>): Promise<void> {
    const query = { kind: 'stored', ...key } as const;
    const stored = this.#model.get(key);
    if (stored === undefined) {
      const searching = this.#stored.catalog.search(this.#info, { query, ...ranking });
      await expect(searching).rejects.toMatchObject({ code: 'PicNotExist' });
      return;
    }
    const scope = ranking.category ?? stored.category;
    await this.#search(query, ranking, this.#model.rank(stored.direction, ranking, scope, key));
  }

  async list({ filter, after }: StepOf<'list'>): Promise<void> {
    const scope = { ...(filter && { filter }), ...(after && { after }) };
    const listed = await this.#stored.catalog.list(this.#info, { ...scope, start: 0, num: WIDE });
    const expected = this.#model
      .inKeyOrder()
      .filter(({ attributes }) => filter === undefined || matches(filter, attributes))
      .filter((image) => after === undefined || compareImageKeys(image, after) > 0);
    expect(listed.images.map(visible)).toEqual(expected.map(visible));
  }

  async #remove(target: RemoveTarget, isMeant: (image: Shown) => boolean): Promise<void> {
    const expected = this.#model.removeWhere(isMeant);
    expect(await this.#stored.catalog.removeImages(this.#info, target)).toEqual(expected);
  }

  async #search(
    query: SearchQuery,
    ranking: Ranking,
    expected: readonly (ImageKey & { readonly score: number })[],
  ): Promise<void> {
    const answer = await this.#stored.catalog.search(this.#info, { query, ...ranking });
    expect(answer.found).toBe(expected.length);
    const page = expected.slice(ranking.start, ranking.start + ranking.num);
    expect(answer.hits.map(({ productId, picName }) => ({ productId, picName }))).toEqual(
      page.map(({ productId, picName }) => ({ productId, picName })),
    );
    for (const [index, { score }] of answer.hits.entries()) {
      expect(Math.abs(score - (page[index]?.score ?? 0))).toBeLessThanOrEqual(0.0002);
    }
  }
}

function visible(image: Omit<Shown, 'direction'>): Omit<Shown, 'direction'> {
  const { productId, picName, category, customContent, attributes } = image;
  return { productId, picName, category, customContent, attributes };
}

describe('a catalog', () => {
  test(
    'answers as a plain model does, whatever is added, changed, removed and reopened',
    () =>
      fc.assert(
        fc.asyncProperty(steps, (history) =>
          withFolder(async (folder) => {
            const comparison = await Comparison.open(folder);
            for (const step of history) await comparison.take(step);
            await comparison.close();
          }),
        ),
        { numRuns: RUNS, seed: SEED },
      ),
    RUNS * 5_000,
  );
});
