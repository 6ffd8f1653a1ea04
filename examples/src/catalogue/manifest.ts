import { readFile } from 'node:fs/promises';

/** A product of the sample catalogue, as the manifest tells it. */
export interface CatalogueProduct {
  readonly productId: string;
  readonly name: string;
  readonly nameZh: string;
  /** The vendor's category number. */
  readonly categoryId: number;
  /** StrAttr2 of its pictures. */
  readonly kind: string;
  /** StrAttr of its pictures. */
  readonly colour: string;
  /** IntAttr of its pictures; whole units of money. */
  readonly price: number;
  /** StrAttr3 of its pictures. */
  readonly brand: string;
  /** StrAttr4 of its pictures. */
  readonly season: string;
}

/** A picture of the catalogue. */
export interface CataloguePicture {
  /** Path below the catalogue's folder, with `/`. */
  readonly file: string;
  readonly productId: string;
  /** Also the PicName it is stored under. */
  readonly view: string;
}

/** A picture to search with, which is not in the catalogue. */
export interface CatalogueQuery {
  readonly file: string;
  /** What a good search finds. */
  readonly productId: string;
  /** How the picture differs from the catalogue's; `group` shows several products. */
  readonly style: string;
  /** `x1,x2,y1,y2`: where the product is, in a picture of several. */
  readonly region?: string;
}

/** What `manifest.json` in the catalogue's folder holds. */
export interface Manifest {
  readonly products: readonly CatalogueProduct[];
  readonly pictures: readonly CataloguePicture[];
  readonly queries: readonly CatalogueQuery[];
}

/** The folder of the committed catalogue. */
export const CATALOGUE_FOLDER = new URL('../../catalogue/', import.meta.url);

/** Reads the manifest of the catalogue in `folder`. */
export async function loadManifest(folder: URL = CATALOGUE_FOLDER): Promise<Manifest> {
  return JSON.parse(await readFile(new URL('manifest.json', folder), 'utf8')) as Manifest;
}
