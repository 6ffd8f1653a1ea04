import type { SearchImageByPicRequest } from '@likeness/sdk';

/** A picture to import. */
export interface ShopPicture {
  readonly path: string;
  readonly productId: string;
  readonly picName: string;
  /** What a filter can test, and what comes back with a hit. */
  readonly attributes: ShopAttributes;
}

/** The attributes as the wire has them: price, colour, kind, brand, season; names in `customContent`. */
export interface ShopAttributes {
  readonly categoryId?: number;
  readonly intAttr?: number;
  readonly strAttr?: string;
  readonly strAttr2?: string;
  readonly strAttr3?: string;
  readonly strAttr4?: string;
  /** JSON: `{ name, nameZh? }`. */
  readonly customContent: string;
}

type SearchFields = Pick<
  SearchImageByPicRequest,
  'categoryId' | 'crop' | 'distinctProductId' | 'num' | 'scoreThreshold'
> & { readonly filter?: string; readonly region?: string };

/** A search to run. */
export interface PlannedSearch {
  readonly section: string;
  readonly title: string;
  readonly by:
    | { readonly kind: 'picture'; readonly path: string }
    | { readonly kind: 'name'; readonly picture: ShopPicture }
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'filter' };
  readonly instanceName: string;
  readonly fields: SearchFields;
  /** The product that a good search finds first. */
  readonly expected?: string;
}

/** The file of a search's picture; undefined for one without. */
export function queryPath({ by }: PlannedSearch): string | undefined {
  if (by.kind === 'picture') return by.path;
  return by.kind === 'name' ? by.picture.path : undefined;
}

/** Pictures, and what to search among them. */
export interface Shop {
  readonly pictures: readonly ShopPicture[];
  readonly searches: readonly PlannedSearch[];
  /** What the sections show, by their title. */
  readonly notes: Readonly<Record<string, string>>;
}

/** The two instances that the pictures are imported into: `crop` says whether by their subject, or whole. */
export const INSTANCES = [
  { instanceName: 'shop', serviceType: 'product', crop: true },
  { instanceName: 'pictures', serviceType: 'generic', crop: false },
] as const;

/** Hits shown for each search. */
export const HITS = 6;
