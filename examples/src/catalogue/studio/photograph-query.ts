import sharp from 'sharp';

import { createRandom, seedOf } from '../drawing/random.ts';
import { KINDS } from '../products/kinds.ts';
import type { Kind } from '../products/kinds.ts';
import type { Product } from '../products/product.ts';
import { PRODUCTS } from '../products/products.ts';
import type { BackdropName } from './backdrops.ts';
import { addGrain, compose, photograph, placeProduct } from './photograph.ts';
import type { Shot } from './photograph.ts';
import type { PlannedGroup, PlannedQuery } from './query-plan.ts';
import { rawOf, toRaster } from './raster.ts';
import type { Box, Raster } from './raster.ts';
import { photographScreen } from './screen-photo.ts';
import { BACKDROP_COLOURS, planPictures } from './shot-plan.ts';

/** Takes the picture that `query` tells of. */
export async function photographQuery({ product, style }: PlannedQuery): Promise<Raster> {
  const random = createRandom(seedOf(`${product.id}/query/${style}`));
  const { stance }: Kind = KINDS[product.kind];
  const scenes: readonly BackdropName[] =
    stance === 'stands'
      ? ['room', 'cafe', 'garden', 'kitchen']
      : ['planks', 'concrete', 'rug', 'marble'];
  const shot: Shot = {
    size: [400, 400],
    backdrop: random.pick(scenes),
    colour: random.pick(BACKDROP_COLOURS),
    light: 'soft',
    pose: { yaw: random.between(10, 24), pitch: 15 },
    turn: 0,
    mirror: false,
    scale: 0.7,
    shift: [random.between(-0.06, 0.06), 0],
  };
  const take = (change: Partial<Shot>): Promise<Raster> =>
    photograph(product, { ...shot, ...change }, `query/${style}`);
  switch (style) {
    case 'copy':
      return copyCatalogue(product);
    case 'studio':
      return take({
        backdrop: 'white',
        light: 'soft',
        pose: { yaw: random.between(8, 30), pitch: random.between(8, 18) },
        turn: stance === 'lies' ? random.between(-5, 5) : 0,
        scale: 0.88,
      });
    case 'crop':
      return take({ scale: 1.12, turn: random.between(-4, 4), shift: [0, 0] });
    case 'scene':
      return take({ light: random.pick(['window', 'leaves', 'warm']), size: [460, 400] });
    case 'screen':
      return photographScreen(
        await take({ backdrop: 'white', light: 'even', scale: 0.84 }),
        [460, 400],
        random,
      );
    case 'dark': {
      const dark = await take({ light: 'dusk' });
      addGrain(dark, random, 16);
      return dark;
    }
    case 'rotated':
      return take({
        turn: random.pick([-1, 1]) * random.between(11, 19),
        backdrop: stance === 'stands' ? 'sweep' : 'paper',
      });
    case 'grey': {
      const picture = await take({ pose: { yaw: 20, pitch: 14 } });
      removeColour(picture);
      return picture;
    }
  }
}

/** What a picture of the catalogue looks like after a copy or two: cut at the edges, smaller, brighter. */
async function copyCatalogue(product: Product): Promise<Raster> {
  const planned = planPictures(PRODUCTS).findLast((picture) => picture.product.id === product.id);
  if (planned === undefined) throw new RangeError(`no picture of "${product.id}"`);
  const original = await photograph(product, planned.shot, planned.view);
  const [width, height] = [Math.round(original.width * 0.88), Math.round(original.height * 0.88)];
  return toRaster(
    sharp(original.data, rawOf(original))
      .extract({
        left: Math.round(original.width * 0.05),
        top: Math.round(original.height * 0.07),
        width,
        height,
      })
      .resize(Math.round(width * 0.75))
      .modulate({ brightness: 1.07, saturation: 0.92 }),
  );
}

/** Leaves the brightness alone (ITU-R BT.601). */
function removeColour({ data }: Raster): void {
  for (let at = 0; at < data.length; at += 4) {
    const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
    data.fill(Math.round(0.299 * red + 0.587 * green + 0.114 * blue), at, at + 3);
  }
}

/** A picture of several products, and the box of each. */
export interface GroupPhoto {
  readonly picture: Raster;
  readonly boxes: readonly Box[];
}

/** Where the products of a group are put: their middle, as shares of the picture, and their size. */
const PLACES: Readonly<
  Record<Kind['stance'], readonly (readonly [x: number, y: number, scale: number])[]>
> = {
  lies: [
    [-0.24, -0.02, 0.62],
    [0.08, 0.04, 0.72],
    [0.34, -0.28, 0.34],
    [0.34, 0.2, 0.44],
  ],
  stands: [
    [-0.08, 0, 0.66],
    [0.32, -0.04, 0.7],
    [-0.38, 0.02, 0.28],
  ],
};

/** Takes the picture that `group` tells of. */
export async function photographGroup({ name, products }: PlannedGroup): Promise<GroupPhoto> {
  const random = createRandom(seedOf(`group/${name}`));
  const stance = products.every(({ kind }) => KINDS[kind].stance === 'lies') ? 'lies' : 'stands';
  const shot: Shot = {
    size: [640, 440],
    backdrop: stance === 'lies' ? 'planks' : 'room',
    colour: '#8fb3c9',
    light: 'soft',
    pose: { yaw: 16, pitch: 14 },
    turn: 0,
    mirror: false,
    scale: 0.7,
    shift: [0, 0],
  };
  const layers: Raster[] = [];
  const boxes: Box[] = [];
  for (const [at, product] of products.entries()) {
    const [x = 0, y = 0, scale = 0.4] = PLACES[stance][at] ?? [];
    const placed = await placeProduct(product, {
      ...shot,
      scale,
      shift: [x, y],
      turn: stance === 'lies' ? random.between(-8, 8) : 0,
    });
    layers.push(...placed.layers);
    boxes.push(placed.box);
  }
  return { picture: await compose(layers, shot, { random, stance }), boxes };
}
