import { createRandom, seedOf } from '../drawing/random.ts';
import { KINDS } from '../products/kinds.ts';
import type { Kind } from '../products/kinds.ts';
import type { Product } from '../products/product.ts';
import { BACKDROPS } from './backdrops.ts';
import type { PictureFormat } from './encode-picture.ts';
import { MOODS } from './lights.ts';
import type { Shot } from './photograph.ts';
import type { Corner } from './warp.ts';

/** One picture of the catalogue: which product, which view, in which file. */
export interface PlannedPicture {
  readonly product: Product;
  readonly view: 'front' | 'angle' | 'scene' | 'detail';
  readonly shot: Shot;
  readonly format: PictureFormat;
}

/** Colours of backdrops: muted, so that the products stand out. */
export const BACKDROP_COLOURS: readonly string[] = [
  '#e3a58f',
  '#8fb3c9',
  '#9dbb8e',
  '#dcc07a',
  '#b49ac2',
  '#c9b49a',
  '#7fb0a8',
  '#d693a2',
];
const SIZES: readonly Corner[] = [
  [440, 440],
  [400, 500],
  [520, 400],
];
/** Side of the pictures in formats that hardly compress. */
const PLAIN_SIDES: Readonly<Partial<Record<PictureFormat, number>>> = {
  bmp: 150,
  ppm: 150,
  gif: 280,
  tiff: 220,
  png: 340,
};

/** Every so many pictures one is in this format; the first that applies counts. */
const FORMAT_TURNS: readonly (readonly [PictureFormat, every: number, from: number])[] = [
  ['bmp', 79, 17],
  ['ppm', 79, 44],
  ['tiff', 45, 22],
  ['gif', 41, 8],
  ['png', 13, 3],
  ['webp', 3, 1],
  ['jpg', 1, 0],
];

/** All pictures of the catalogue, in the order of their products. */
export function planPictures(products: readonly Product[]): PlannedPicture[] {
  const pictures: PlannedPicture[] = [];
  for (const [index, product] of products.entries()) {
    for (const view of viewsOf(index)) {
      const at = pictures.length;
      const format =
        FORMAT_TURNS.find(([, every, from]) => at % every === from % every)?.[0] ?? 'jpg';
      const side = PLAIN_SIDES[format];
      const shot = planShot(product, view);
      pictures.push({
        product,
        view,
        format,
        shot: side === undefined ? shot : { ...shot, size: [side, side] },
      });
    }
  }
  return pictures;
}

/** Two views of each product; a third of some. */
function viewsOf(index: number): readonly PlannedPicture['view'][] {
  if (index % 12 === 5) return ['front', 'angle', 'detail'];
  return index % 2 === 0 ? ['front', 'angle'] : ['front', 'scene'];
}

function planShot(product: Product, view: PlannedPicture['view']): Shot {
  const random = createRandom(seedOf(`${product.id}/${view}`));
  const { stance }: Kind = KINDS[product.kind];
  const side = random.pick([-1, 1]);
  const front: Shot = {
    size: [420, 420],
    backdrop: 'white',
    colour: random.pick(BACKDROP_COLOURS),
    light: 'even',
    pose: { yaw: 18, pitch: 14 },
    turn: 0,
    mirror: false,
    scale: 0.78,
    shift: [0, 0],
  };
  if (view === 'front') return front;
  const turned: Shot = {
    ...front,
    size: random.pick(SIZES),
    pose: { yaw: side * random.between(22, 34), pitch: random.between(10, 20) },
    turn: stance === 'lies' ? random.between(-14, 14) : random.between(-2, 2),
    mirror: random.next() < 0.4,
    scale: random.between(0.72, 0.84),
    shift: [random.between(-0.05, 0.05), 0],
    light: random.pick(['soft', 'soft', 'warm', 'cool']),
    backdrop:
      stance === 'stands'
        ? random.pick(['sweep', 'podium', 'terrazzo'])
        : random.pick(['paper', 'linen', 'terrazzo']),
  };
  if (view === 'angle') return turned;
  const places = stance === 'stands' ? BACKDROPS.stands : BACKDROPS.lies;
  const scene: Shot = {
    ...turned,
    backdrop: random.pick(places.filter((name) => name !== 'white')),
    light: random.pick(MOODS),
  };
  if (view === 'scene') return scene;
  return {
    ...scene,
    size: [440, 440],
    scale: 1.3,
    turn: random.between(-8, 8),
    light: 'soft',
    shift: [random.between(-0.08, 0.08), random.between(-0.08, 0.08)],
  };
}
