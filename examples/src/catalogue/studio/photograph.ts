import sharp from 'sharp';

import type { Random } from '../drawing/random.ts';
import { createRandom, seedOf } from '../drawing/random.ts';
import { Sketch } from '../drawing/sketch.ts';
import type { Pose } from '../drawing/solid.ts';
import { KINDS } from '../products/kinds.ts';
import type { Kind } from '../products/kinds.ts';
import type { Product } from '../products/product.ts';
import { drawBackdrop } from './backdrops.ts';
import type { BackdropName } from './backdrops.ts';
import { drawLight } from './lights.ts';
import type { LightName } from './lights.ts';
import { boundsOf, rawOf, renderSvg, silhouette, toRaster } from './raster.ts';
import type { Box, Raster } from './raster.ts';
import { quadOf, tiltQuad, turnQuad, warp } from './warp.ts';
import type { Corner, Quad } from './warp.ts';

/** How one picture is taken. */
export interface Shot {
  readonly size: Corner;
  readonly backdrop: BackdropName;
  /** Colour of the backdrop, where it has one. */
  readonly colour: string;
  readonly light: LightName;
  readonly pose: Pose;
  /** Degrees in the plane of the picture. */
  readonly turn: number;
  readonly mirror: boolean;
  /** The longer side of the product as a share of the picture's shorter side; above 1 is a close-up. */
  readonly scale: number;
  /** Where its middle is moved, in shares of the picture. */
  readonly shift: Corner;
}

/** The pixels a product is drawn at before it is put into a picture. */
const DRAWING_SIDE = 720;
/** Where the foot of a standing product is, as a share of the height. */
const GROUND = 0.87;

/** A product in its picture: its shadows, then itself, and the box around it. */
export interface PlacedProduct {
  readonly layers: readonly Raster[];
  readonly box: Box;
}

/** Takes a picture of `product`; `seed` varies what is left to chance. */
export async function photograph(product: Product, shot: Shot, seed: string): Promise<Raster> {
  const random = createRandom(seedOf(`${product.id}/${seed}`));
  const { layers } = await placeProduct(product, shot);
  return compose(layers, shot, { random, stance: KINDS[product.kind].stance });
}

/** Draws `product` where `shot` puts it, on nothing. */
export async function placeProduct(product: Product, shot: Shot): Promise<PlacedProduct> {
  const kind: Kind = KINDS[product.kind];
  const drawing = await drawProduct(product, shot.pose);
  const bounds = boundsOf(drawing);
  const box = placeBox(bounds, shot, kind.stance);
  const whole = around(bounds, box, drawing);
  const sheet = { x: 0, y: 0, width: drawing.width, height: drawing.height };
  const placed = warp(drawing, sheet, quadFor(whole, box, shot, kind), shot.size);
  const shadows =
    kind.stance === 'stands' ? await groundShadows(placed, shot) : await dropShadows(placed);
  return { layers: [...shadows, placed], box: boundsOf(placed) };
}

/** Puts layers on the shot's backdrop, under its light. */
export async function compose(
  layers: readonly Raster[],
  { size, backdrop, colour, light }: Shot,
  { random, stance }: { readonly random: Random; readonly stance: Kind['stance'] },
): Promise<Raster> {
  const ground = await renderSheet(size, random, (sketch) =>
    drawBackdrop(sketch, stance, backdrop, colour),
  );
  const lighting = await renderSheet(size, random, (sketch) => drawLight(sketch, light));
  const over = layers.map((layer) => ({ input: Buffer.from(layer.data), ...rawOf(layer) }));
  const picture = await toRaster(
    sharp(ground.data, rawOf(ground)).composite([
      ...over,
      { input: Buffer.from(lighting.data), ...rawOf(lighting), blend: 'multiply' },
    ]),
  );
  if (backdrop !== 'white') addGrain(picture, random, 5);
  return picture;
}

async function drawProduct(product: Product, pose: Pose): Promise<Raster> {
  const sketch = new Sketch(createRandom(seedOf(product.id)));
  KINDS[product.kind].draw(sketch, product.look, pose);
  return renderSvg(sketch.toSvg(DRAWING_SIDE, DRAWING_SIDE));
}

function renderSheet(
  [width, height]: Corner,
  random: Random,
  draw: (sketch: Sketch) => void,
): Promise<Raster> {
  const sketch = new Sketch(random);
  draw(sketch);
  return renderSvg(sketch.toSvg(width, height));
}

/** Where the product's own bounds land in the picture. */
function placeBox(
  bounds: Box,
  { size: [width, height], scale, shift }: Shot,
  stance: Kind['stance'],
): Box {
  const factor = (Math.min(width, height) * scale) / Math.max(bounds.width, bounds.height);
  const [boxWidth, boxHeight] = [bounds.width * factor, bounds.height * factor];
  const x = width / 2 - boxWidth / 2 + shift[0] * width;
  const onGround = stance === 'stands' && scale <= 1;
  const y =
    (onGround ? height * GROUND - boxHeight : height / 2 - boxHeight / 2) + shift[1] * height;
  return { x, y, width: boxWidth, height: boxHeight };
}

/** Where the whole drawing lands when its `bounds` land on `box`. */
function around(bounds: Box, box: Box, drawing: Raster): Box {
  const factor = box.width / bounds.width;
  return {
    x: box.x - bounds.x * factor,
    y: box.y - bounds.y * factor,
    width: drawing.width * factor,
    height: drawing.height * factor,
  };
}

function quadFor(whole: Box, box: Box, shot: Shot, kind: Kind): Quad {
  const centre: Corner = [box.x + box.width / 2, box.y + box.height / 2];
  const quad = turnQuad(
    kind.solid ? quadOf(whole) : tiltQuad(whole, shot.pose.yaw),
    shot.turn,
    centre,
  );
  return shot.mirror ? [quad[1], quad[0], quad[3], quad[2]] : quad;
}

async function blurred(raster: Raster, sigma: number): Promise<Raster> {
  return toRaster(sharp(raster.data, rawOf(raster)).blur(Math.max(sigma, 0.5)));
}

/** The raster moved right and down by whole pixels. */
function moved({ width, height, data }: Raster, [x, y]: Corner): Raster {
  const [right, down] = [Math.round(x), Math.round(y)];
  const shifted = new Uint8Array(data.length);
  for (let row = down; row < height; row += 1) {
    const from = (row - down) * width * 4;
    shifted.set(data.subarray(from, from + (width - right) * 4), (row * width + right) * 4);
  }
  return { width, height, data: shifted };
}

/** What lies throws a shadow to the lower right. */
async function dropShadows(placed: Raster): Promise<Raster[]> {
  const unit = Math.min(placed.width, placed.height) / 100;
  const dark = silhouette(placed, [30, 24, 34], 1);
  return Promise.all([
    blurred(moved(silhouette(dark, [30, 24, 34], 0.34), [unit * 2.2, unit * 2.8]), unit * 2.4),
    blurred(moved(silhouette(dark, [30, 24, 34], 0.4), [unit * 0.6, unit * 0.8]), unit * 0.7),
  ]);
}

/** What stands throws a long soft shadow over the ground, and a short dark one where it touches. */
async function groundShadows(
  placed: Raster,
  { size: [width, height], scale }: Shot,
): Promise<Raster[]> {
  if (scale > 1) return dropShadows(placed);
  const bounds = boundsOf(placed);
  const dark = silhouette(placed, [26, 22, 30], 1);
  const [left, right, foot] = [bounds.x, bounds.x + bounds.width, bounds.y + bounds.height];
  const lay = (rise: number, lean: number, drop: number): Raster =>
    warp(
      dark,
      bounds,
      [
        [left + lean, foot - rise],
        [right + lean, foot - rise],
        [right, foot + drop],
        [left, foot + drop],
      ],
      [width, height],
    );
  const unit = Math.min(width, height) / 100;
  return Promise.all([
    blurred(
      silhouette(lay(bounds.height * 0.2, bounds.width * 0.34, unit), [26, 22, 30], 0.3),
      unit * 2,
    ),
    blurred(silhouette(lay(unit * 5, unit, unit * 2), [26, 22, 30], 0.5), unit * 1.3),
  ]);
}

/** Adds the noise of a sensor: `amount` levels at most, up and down. */
export function addGrain({ data }: Raster, random: Random, amount: number): void {
  for (let at = 0; at < data.length; at += 4) {
    const noise = (random.next() + random.next() - 1) * amount;
    for (let channel = 0; channel < 3; channel += 1) {
      data[at + channel] = Math.min(Math.max((data[at + channel] ?? 0) + noise, 0), 255);
    }
  }
}
