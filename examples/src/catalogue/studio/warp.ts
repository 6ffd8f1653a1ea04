import type { Box, Raster } from './raster.ts';

/** Four corners: upper left, upper right, lower right, lower left. */
export type Quad = readonly [Corner, Corner, Corner, Corner];
/** A point in pixels, or a size: x, y. */
export type Corner = readonly [number, number];

/** The corners of a box. */
export function quadOf({ x, y, width, height }: Box): Quad {
  return [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
}

/** `quad` turned by `degrees` around `centre`. */
export function turnQuad(quad: Quad, degrees: number, [centreX, centreY]: Corner): Quad {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const turn = ([x, y]: Corner): Corner => [
    centreX + (x - centreX) * cos - (y - centreY) * sin,
    centreY + (x - centreX) * sin + (y - centreY) * cos,
  ];
  return [turn(quad[0]), turn(quad[1]), turn(quad[2]), turn(quad[3])];
}

/** A box seen at an angle: `yaw` degrees of turning shorten it and one of its sides. */
export function tiltQuad({ x, y, width, height }: Box, yaw: number): Quad {
  const angle = (yaw * Math.PI) / 180;
  const narrow = (width * (1 - Math.cos(angle))) / 2;
  const drop = height * 0.16 * Math.sin(Math.abs(angle));
  const [left, right] = yaw > 0 ? [0, drop] : [drop, 0];
  return [
    [x + narrow, y + left],
    [x + width - narrow, y + right],
    [x + width - narrow, y + height - right],
    [x + narrow, y + height - left],
  ];
}

type Matrix = readonly number[];

/** The projection of the unit square onto `quad` (Heckbert 1989, section 2.2.3). */
function project(quad: Quad): Matrix {
  const [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = quad;
  const [sumX, sumY] = [x0 - x1 + x2 - x3, y0 - y1 + y2 - y3];
  const [dx1, dx2, dy1, dy2] = [x1 - x2, x3 - x2, y1 - y2, y3 - y2];
  const determinant = dx1 * dy2 - dx2 * dy1;
  const g = (sumX * dy2 - dx2 * sumY) / determinant;
  const h = (dx1 * sumY - sumX * dy1) / determinant;
  return [x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h, 1];
}

function invert(matrix: Matrix): Matrix {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = matrix;
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
}

/** Points sampled a pixel along each axis. */
const SAMPLES = 2;

/** Paints the part `from` of `source` onto `quad` of an empty picture of `width` × `height`. */
export function warp(source: Raster, from: Box, quad: Quad, [width, height]: Corner): Raster {
  const data = new Uint8Array(width * height * 4);
  const back = invert(project(quad));
  const sum = new Float64Array(4);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    sum.fill(0);
    for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
      const px = x + ((sample % SAMPLES) + 0.5) / SAMPLES;
      const py = y + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES;
      const [u, v] = place(back, px, py);
      if (u < 0 || v < 0 || u >= 1 || v >= 1) continue;
      addSample(source, from.x + u * from.width - 0.5, from.y + v * from.height - 0.5, sum);
    }
    storePixel(data, pixel * 4, sum);
  }
  return { width, height, data };
}

function place(
  [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0]: Matrix,
  x: number,
  y: number,
): Corner {
  const scale = g * x + h * y + i;
  return [(a * x + b * y + c) / scale, (d * x + e * y + f) / scale];
}

/** Adds the four nearest pixels by their share, colours weighted by opacity. */
function addSample({ width, height, data }: Raster, x: number, y: number, sum: Float64Array): void {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  for (let corner = 0; corner < 4; corner += 1) {
    const column = left + (corner & 1);
    const row = top + (corner >> 1);
    const share = (1 - Math.abs(x - column)) * (1 - Math.abs(y - row));
    const at =
      (Math.min(Math.max(row, 0), height - 1) * width + Math.min(Math.max(column, 0), width - 1)) *
      4;
    const opacity = (data[at + 3] ?? 0) * share;
    for (let channel = 0; channel < 3; channel += 1) {
      sum[channel] = (sum[channel] ?? 0) + (data[at + channel] ?? 0) * opacity;
    }
    sum[3] = (sum[3] ?? 0) + opacity;
  }
}

function storePixel(data: Uint8Array, at: number, sum: Float64Array): void {
  const opacity = sum[3] ?? 0;
  if (opacity === 0) return;
  for (let channel = 0; channel < 3; channel += 1)
    data[at + channel] = Math.round((sum[channel] ?? 0) / opacity);
  data[at + 3] = Math.round(opacity / (SAMPLES * SAMPLES));
}
