import { matches, type Attributes } from '@likeness/shared/filter';

import type { SearchRequest } from '../../src/catalog/catalog.ts';
import type { ImageKey } from '../../src/store/image-key.ts';
import { compareImageKeys } from './compare-image-keys.ts';

/** Directions whose cosines are far apart or equal, so that every ranking is certain. */
export const DIRECTIONS = [
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [1, 1, 0, 0],
  [1, 1, 1, 1],
  [-1, 0, 0, 0],
] as const;
/** A picture as the model knows it. */
export interface Shown extends ImageKey {
  readonly direction: number;
  readonly category: number;
  readonly customContent: string;
  readonly attributes: Attributes;
}

/** How a search ranks. */
export type Ranking = Omit<SearchRequest, 'query'>;

/** What a collection holds, kept in the plainest way. */
export class ShelfModel {
  readonly images = new Map<string, Shown>();

  get({ productId, picName }: ImageKey): Shown | undefined {
    return this.images.get(JSON.stringify([productId, picName]));
  }

  put(image: Shown): void {
    this.images.set(JSON.stringify([image.productId, image.picName]), image);
  }

  /** Removes them and tells their keys in order. */
  removeWhere(isMeant: (image: Shown) => boolean): readonly ImageKey[] {
    const doomed = this.inKeyOrder()
      .filter(isMeant)
      .map(({ productId, picName }) => ({ productId, picName }));
    for (const { productId, picName } of doomed) {
      this.images.delete(JSON.stringify([productId, picName]));
    }
    return doomed;
  }

  inKeyOrder(): readonly Shown[] {
    return [...this.images.values()].toSorted(compareImageKeys);
  }

  /** The whole answer of a search, before paging. */
  rank(
    towards: number,
    { filter, minScore, distinct }: Ranking,
    category: number | undefined,
    pinned?: ImageKey,
  ): readonly (Shown & { readonly score: number })[] {
    const isPinned = (image: Shown): number =>
      pinned !== undefined && compareImageKeys(image, pinned) === 0 ? 1 : 0;
    const ranked = this.inKeyOrder()
      .filter((image) => category === undefined || image.category === category)
      .filter(({ attributes }) => filter === undefined || matches(filter, attributes))
      .map((image) => ({ ...image, score: scoreOf(image.direction, towards) }))
      .filter(({ score }) => score >= minScore)
      .toSorted((a, b) => b.score - a.score || isPinned(b) - isPinned(a) || compareImageKeys(a, b));
    const products = ranked.map(({ productId }) => productId);
    return ranked.filter(
      ({ productId }, index) => !distinct || products.indexOf(productId) === index,
    );
  }
}

/** The told pack's calibration: half of the cosine plus one. */
function scoreOf(a: number, b: number): number {
  const [left, right] = [DIRECTIONS[a] ?? [], DIRECTIONS[b] ?? []];
  const dot = left.reduce((sum: number, value, index) => sum + value * (right[index] ?? 0), 0);
  const cosine = dot / (Math.hypot(...left) * Math.hypot(...right));
  return Math.round((cosine + 1) * 5_000) / 10_000;
}
