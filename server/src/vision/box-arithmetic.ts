import type { Box } from './vision.ts';

/** Numbers of a box, perhaps fractional. */
interface Edges {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Everything of a picture. */
export function wholeBox({ widthPx, heightPx }: Size): Box {
  return { x1: 0, y1: 0, x2: widthPx, y2: heightPx };
}

/** The smallest box of whole pixels around `edges`, inside the picture, at least one pixel wide and high. */
export function snap(edges: Edges, { widthPx, heightPx }: Size): Box {
  const x1 = clamp(Math.floor(edges.x1), 0, widthPx - 1);
  const y1 = clamp(Math.floor(edges.y1), 0, heightPx - 1);
  const x2 = clamp(Math.ceil(edges.x2), x1 + 1, widthPx);
  const y2 = clamp(Math.ceil(edges.y2), y1 + 1, heightPx);
  return { x1, y1, x2, y2 };
}

/** The same part of the same picture at another size. */
export function rescale(box: Box, from: Size, to: Size): Box {
  const [x, y] = [to.widthPx / from.widthPx, to.heightPx / from.heightPx];
  return snap({ x1: box.x1 * x, y1: box.y1 * y, x2: box.x2 * x, y2: box.y2 * y }, to);
}

export function areaOf(box: Box): number {
  return (box.x2 - box.x1) * (box.y2 - box.y1);
}

/** Intersection over union, 0–1. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x2, b.x2) - Math.max(a.x1, b.x1);
  const height = Math.min(a.y2, b.y2) - Math.max(a.y1, b.y1);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (areaOf(a) + areaOf(b) - width * height);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
