import { fileURLToPath } from 'node:url';

import { CATALOGUE_FOLDER, loadManifest } from '../catalogue/manifest.ts';
import type { CatalogueProduct, CatalogueQuery, Manifest } from '../catalogue/manifest.ts';
import { HITS } from './shop.ts';
import type { PlannedSearch, Shop, ShopAttributes, ShopPicture } from './shop.ts';

const NOTES = {
  'By picture':
    'Pictures that are not in the catalogue: copied, taken anew, cropped, in another place, off a screen, in the dark, askew, without colour. The subject is found, then compared.',
  'With a region': 'One picture, several things: the region says which of them is meant.',
  'By name': 'A stored picture is the query. It finds itself first, then its own other views.',
  'By text':
    'What a picture shows, in English and Chinese: nothing of names or attributes is read. In the generic instance, filled with Crop off.',
  'With a filter': 'Only what passes the filter is compared; the count of matches is exact.',
  'With a threshold': 'Nothing below the score: better no hit than a wrong one.',
  'The whole picture':
    'A generic instance, filled and searched with Crop off: the backdrop counts as well.',
} as const;
type Section = keyof typeof NOTES;

const TEXTS = [
  ['In English', 'sunglasses'],
  ['In Chinese', '运动鞋'],
  ['Colour and kind', 'blue jeans'],
  ['Colour and kind', '黑色手表'],
  ['Traditional characters', '連衣裙'],
  ['Both at once', 'red 口红'],
] as const;

const STYLE_NAMES: Readonly<Record<string, string>> = {
  copy: 'A copy, cut and recompressed',
  studio: 'Another photo of it',
  crop: 'Tight crop',
  scene: 'Another place',
  screen: 'Photo of a screen',
  dark: 'In the dark',
  rotated: 'Askew',
  grey: 'Without colour',
  group: 'One of several',
};

const pathOf = (file: string): string => fileURLToPath(new URL(file, CATALOGUE_FOLDER));

/** The sample catalogue with searches that show what Likeness does. */
export async function loadCatalogueShop(): Promise<Shop> {
  const manifest = await loadManifest();
  const products = new Map(manifest.products.map((product) => [product.productId, product]));
  const pictures = manifest.pictures.map(({ file, productId, view }): ShopPicture => {
    return {
      path: pathOf(file),
      productId,
      picName: view,
      attributes: attributesOf(products.get(productId)),
    };
  });
  return { pictures, searches: planSearches(manifest, pictures), notes: NOTES };
}

function attributesOf(product: CatalogueProduct | undefined): ShopAttributes {
  if (product === undefined) throw new Error('the manifest has a picture of no product');
  const { categoryId, price, colour, kind, brand, season, name, nameZh } = product;
  return {
    categoryId,
    intAttr: price,
    strAttr: colour,
    strAttr2: kind,
    strAttr3: brand,
    strAttr4: season,
    customContent: JSON.stringify({ name, nameZh }),
  };
}

function planSearches(manifest: Manifest, pictures: readonly ShopPicture[]): PlannedSearch[] {
  const query = (id: string): CatalogueQuery =>
    find(manifest.queries, ({ productId }) => productId === id);
  const front = (id: string): ShopPicture => find(pictures, ({ productId }) => productId === id);
  return [
    ...manifest.queries.map(searchByPicture),
    ...['velvet-ruby-lipstick', 'polka-swing-dress', 'heritage-camera'].map((id) =>
      searchByName(front(id)),
    ),
    ...TEXTS.map(searchByText),
    filtered(
      'Shoes like these, but blue',
      query('flamingo-running-shoes'),
      'str_attr2 in ("sneakers", "running shoes") AND str_attr = "blue"',
    ),
    filtered(
      'Handbags under 150',
      query('ruby-frame-handbag'),
      'int_attr < 150 AND str_attr2 in ("handbag", "shoulder bag", "tote")',
    ),
    filtered(
      'Dresses, but not in black',
      query('polka-swing-dress'),
      'str_attr2 in ("dress", "slip dress") AND str_attr != "black"',
    ),
    {
      section: section('With a filter'),
      title: 'No picture: everything red under 20',
      by: { kind: 'filter' },
      instanceName: 'shop',
      fields: { filter: 'str_attr = "red" AND int_attr < 20', num: HITS },
    },
    threshold(query('blue-delivery-truck'), 0.6),
    threshold(query('library-shelf'), 0.7),
    wholePicture(query('strawberry-jam')),
    wholePicture(query('studio-headphones')),
  ];
}

const section = (title: Section): string => title;

function find<Value>(values: readonly Value[], test: (value: Value) => boolean): Value {
  const found = values.find(test);
  if (found === undefined) throw new Error('the catalogue lacks what the demo searches for');
  return found;
}

function searchByPicture({ file, productId, style, region }: CatalogueQuery): PlannedSearch {
  return {
    section: section(region === undefined ? 'By picture' : 'With a region'),
    title: STYLE_NAMES[style] ?? style,
    by: { kind: 'picture', path: pathOf(file) },
    instanceName: 'shop',
    fields: { distinctProductId: true, num: HITS, ...(region === undefined ? {} : { region }) },
    expected: productId,
  };
}

function searchByName(picture: ShopPicture): PlannedSearch {
  return {
    section: section('By name'),
    title: `${picture.productId} · ${picture.picName}`,
    by: { kind: 'name', picture },
    instanceName: 'shop',
    fields: { num: HITS },
    expected: picture.productId,
  };
}

function searchByText([title, text]: (typeof TEXTS)[number]): PlannedSearch {
  return {
    section: section('By text'),
    title,
    by: { kind: 'text', text },
    instanceName: 'pictures',
    fields: { distinctProductId: true, num: HITS },
  };
}

function filtered(title: string, { file }: CatalogueQuery, filter: string): PlannedSearch {
  return {
    section: section('With a filter'),
    title,
    by: { kind: 'picture', path: pathOf(file) },
    instanceName: 'shop',
    fields: { filter, distinctProductId: true, num: HITS },
  };
}

function threshold({ file, productId }: CatalogueQuery, scoreThreshold: number): PlannedSearch {
  return {
    section: section('With a threshold'),
    title: `Score of at least ${scoreThreshold}`,
    by: { kind: 'picture', path: pathOf(file) },
    instanceName: 'shop',
    fields: { scoreThreshold, num: HITS },
    expected: productId,
  };
}

function wholePicture({ file, productId }: CatalogueQuery): PlannedSearch {
  return {
    section: section('The whole picture'),
    title: 'A copy, backdrop and all',
    by: { kind: 'picture', path: pathOf(file) },
    instanceName: 'pictures',
    fields: { crop: false, num: HITS },
    expected: productId,
  };
}
