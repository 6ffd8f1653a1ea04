import type { Product } from '../products/product.ts';
import type { PictureFormat } from './encode-picture.ts';

/** How a shopper's picture differs from the catalogue's. */
export const QUERY_STYLES = [
  'studio',
  'copy',
  'crop',
  'scene',
  'screen',
  'dark',
  'rotated',
  'grey',
] as const;
/** One of them. */
export type QueryStyle = (typeof QUERY_STYLES)[number];

/** A picture to search with, of a product that is in the catalogue. */
export interface PlannedQuery {
  readonly product: Product;
  readonly style: QueryStyle;
  readonly format: PictureFormat;
}

const QUERIED: Readonly<Record<QueryStyle, readonly string[]>> = {
  copy: [
    'blush-two-seat-sofa',
    'blue-delivery-truck',
    'summit-cap',
    'strawberry-jam',
    'studio-headphones',
  ],
  studio: [
    'flamingo-running-shoes',
    'instant-mint-camera',
    'polka-swing-dress',
    'lavender-bunny',
    'lime-soda-can',
  ],
  crop: [
    'snowfall-fair-isle-sweater',
    'tartan-pleated-skirt',
    'honey-teddy-bear',
    'heritage-camera',
    'trail-backpack',
  ],
  scene: [
    'retro-high-sneakers',
    'meadow-flower-dress',
    'orchid-round-perfume',
    'captain-rubber-duck',
    'golden-hour-watch',
  ],
  screen: [
    'volt-running-shoes',
    'emerald-satin-slip',
    'fiery-corn-triangles',
    'coral-headphones',
    'ruby-frame-handbag',
  ],
  dark: [
    'teal-table-lamp',
    'amber-cola',
    'mustard-block-sweater',
    'wooden-shape-blocks',
    'saddle-flap-handbag',
  ],
  rotated: [
    'velvet-ruby-lipstick',
    'palm-garden-shirt',
    'zigzag-crew-socks',
    'arcade-controller',
    'orange-juice-carton',
  ],
  grey: [
    'woodsman-plaid-shirt',
    'veranda-straw-hat',
    'rainbow-stacking-rings',
    'campfire-guitar',
    'library-shelf',
  ],
};
const FORMATS: readonly PictureFormat[] = ['jpg', 'jpg', 'webp', 'jpg', 'png'];

/** All pictures to search with; none of them is in the catalogue. */
export function planQueries(products: readonly Product[]): PlannedQuery[] {
  return QUERY_STYLES.flatMap((style) =>
    QUERIED[style].map((id, at) => ({
      product: findProduct(products, id),
      style,
      format: FORMATS[at] ?? 'jpg',
    })),
  );
}

/** Products that share one picture; a region tells which of them is meant. */
export interface PlannedGroup {
  readonly name: string;
  readonly products: readonly Product[];
}

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  outfit: [
    'harbour-stripe-t-shirt',
    'straight-blue-jeans',
    'square-lagoon-sunglasses',
    'argyle-dress-socks',
  ],
  desk: ['featherlight-laptop', 'scarlet-desk-lamp', 'blossom-mug'],
};

/** The pictures that show several products. */
export function planGroups(products: readonly Product[]): PlannedGroup[] {
  return Object.entries(GROUPS).map(([name, ids]) => ({
    name,
    products: ids.map((id) => findProduct(products, id)),
  }));
}

function findProduct(products: readonly Product[], id: string): Product {
  const product = products.find((candidate) => candidate.id === id);
  if (product === undefined) throw new RangeError(`no product "${id}"`);
  return product;
}
