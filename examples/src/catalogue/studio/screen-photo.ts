import sharp from 'sharp';

import type { Random } from '../drawing/random.ts';
import { Sketch } from '../drawing/sketch.ts';
import { linear } from '../drawing/paint.ts';
import { addGrain } from './photograph.ts';
import { rawOf, renderSvg, toRaster } from './raster.ts';
import type { Raster } from './raster.ts';
import { warp } from './warp.ts';
import type { Corner, Quad } from './warp.ts';

/** A photo of a screen that shows `shown`: bezel, perspective, the grid of its pixels beating with the camera's, glare. */
export async function photographScreen(
  shown: Raster,
  [width, height]: Corner,
  random: Random,
): Promise<Raster> {
  const lean = (share: number): number => random.between(-share, share) * width;
  const quad: Quad = [
    [width * 0.1 + lean(0.03), height * 0.11 + lean(0.03)],
    [width * 0.9 + lean(0.03), height * 0.09 + lean(0.03)],
    [width * 0.92 + lean(0.03), height * 0.86 + lean(0.03)],
    [width * 0.08 + lean(0.03), height * 0.88 + lean(0.03)],
  ];
  const lit: Raster = { ...shown, data: Uint8Array.from(shown.data) };
  const screen = warp(lit, { x: 0, y: 0, width: shown.width, height: shown.height }, quad, [
    width,
    height,
  ]);
  addMoire(screen, random.between(2.6, 3.4), random.between(0.02, 0.06));
  const desk = await renderSvg(drawDesk(quad, [width, height], random));
  const glare = await renderSvg(drawGlare(quad, [width, height], random));
  const photo = await toRaster(
    sharp(desk.data, rawOf(desk)).composite([
      { input: Buffer.from(screen.data), ...rawOf(screen) },
      { input: Buffer.from(glare.data), ...rawOf(glare), blend: 'screen' },
    ]),
  );
  addGrain(photo, random, 10);
  return photo;
}

/** Darkens columns of one colour each, `period` pixels wide and slightly turned, and tints the whole a little blue. */
function addMoire({ width, data }: Raster, period: number, slope: number): void {
  const tint = [0.9, 0.95, 1.02];
  for (let at = 0; at < data.length; at += 4) {
    const pixel = at / 4;
    const place = (pixel % width) + Math.floor(pixel / width) * slope;
    const row = Math.cos((Math.floor(pixel / width) * 2 * Math.PI) / (period * 1.07));
    for (let channel = 0; channel < 3; channel += 1) {
      const column = Math.cos(2 * Math.PI * (place / period + channel / 3));
      const level = (0.87 + 0.1 * column + 0.05 * row) * (tint[channel] ?? 1);
      data[at + channel] = Math.min((data[at + channel] ?? 0) * level, 255);
    }
  }
}

const points = (quad: Quad): string => quad.map((corner) => corner.join(',')).join(' ');

function drawDesk(quad: Quad, [width, height]: Corner, random: Random): string {
  const sketch = new Sketch(random);
  const wall = linear(sketch, 90, [
    [0, '#6f7a84'],
    [0.7, '#8d959c'],
    [1, '#5b4636'],
  ]);
  sketch.add(
    `<rect width="${width}" height="${height}" fill="${wall}"/>`,
    `<polygon points="${points(quad)}" fill="#131418" stroke="#131418" stroke-width="${width * 0.06}" stroke-linejoin="round"/>`,
    `<polygon points="${points(quad)}" fill="none" stroke="#3a3d44" stroke-width="${width * 0.008}"/>`,
  );
  return sketch.toSvg(width, height, `0 0 ${width} ${height}`);
}

function drawGlare(quad: Quad, [width, height]: Corner, random: Random): string {
  const sketch = new Sketch(random);
  const clip = sketch.define(
    (id) => `<clipPath id="${id}"><polygon points="${points(quad)}"/></clipPath>`,
  );
  const shine = linear(sketch, 30, [
    [0, '#ffffff40'],
    [0.45, '#ffffff10'],
    [0.46, '#ffffff00'],
    [1, '#ffffff00'],
  ]);
  sketch.group(`clip-path="${clip}"`, () =>
    sketch.add(`<rect width="${width}" height="${height}" fill="${shine}"/>`),
  );
  return sketch.toSvg(width, height, `0 0 ${width} ${height}`);
}
