import type { Sketch } from './sketch.ts';

/** A place on a gradient (0–1) and its colour. */
export type Stop = readonly [number, string];

/** `colour` (#rrggbb) mixed with white (amount above 0) or black (below 0). */
export function shade(colour: string, amount: number): string {
  const target = amount > 0 ? 255 : 0;
  const share = Math.min(Math.abs(amount), 1);
  const parts = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16);
    return Math.round(value + (target - value) * share)
      .toString(16)
      .padStart(2, '0');
  });
  return `#${parts.join('')}`;
}

/** `colour` (#rrggbb) with an opacity of 0–1. */
export function clear(colour: string, opacity: number): string {
  const byte = Math.round(Math.min(Math.max(opacity, 0), 1) * 255);
  return `${colour}${byte.toString(16).padStart(2, '0')}`;
}

function writeStops(stops: readonly Stop[]): string {
  return stops
    .map(([offset, colour]) => {
      const opacity = colour.length === 9 ? Number.parseInt(colour.slice(7), 16) / 255 : 1;
      return `<stop offset="${offset}" stop-color="${colour.slice(0, 7)}" stop-opacity="${opacity.toFixed(3)}"/>`;
    })
    .join('');
}

/** A gradient across the shape: 0° runs right, 90° down. */
export function linear(sketch: Sketch, degrees: number, stops: readonly Stop[]): string {
  const turn = `gradientTransform="rotate(${degrees} .5 .5)"`;
  return sketch.define(
    (id) =>
      `<linearGradient id="${id}" x1="0" y1="0" x2="1" y2="0" ${turn}>${writeStops(stops)}</linearGradient>`,
  );
}

/** A gradient from the point (x, y), in shares of the shape, outwards. */
export function radial(
  sketch: Sketch,
  stops: readonly Stop[],
  [x, y, radius]: readonly [number, number, number] = [0.5, 0.5, 0.6],
): string {
  return sketch.define(
    (id) =>
      `<radialGradient id="${id}" cx="${x}" cy="${y}" r="${radius}">${writeStops(stops)}</radialGradient>`,
  );
}

/** What a cylinder of `colour` looks like under a light from the left. */
export function cylinder(sketch: Sketch, colour: string, gloss = 0.5): string {
  return linear(sketch, 0, [
    [0, shade(colour, -0.42)],
    [0.12, shade(colour, -0.08)],
    [0.26, shade(colour, gloss)],
    [0.36, shade(colour, gloss * 0.25)],
    [0.62, colour],
    [0.88, shade(colour, -0.38)],
    [0.96, shade(colour, -0.5)],
    [1, shade(colour, -0.3)],
  ]);
}

/** What a ball of `colour` looks like under a light from the upper left. */
export function sphere(sketch: Sketch, colour: string, gloss = 0.55): string {
  return radial(
    sketch,
    [
      [0, shade(colour, gloss)],
      [0.35, shade(colour, gloss * 0.25)],
      [0.7, shade(colour, -0.12)],
      [1, shade(colour, -0.48)],
    ],
    [0.36, 0.3, 0.78],
  );
}

/** Brushed metal. */
export function metal(sketch: Sketch, colour = '#c9ccd1', degrees = 0): string {
  return linear(sketch, degrees, [
    [0, shade(colour, -0.35)],
    [0.18, shade(colour, 0.55)],
    [0.34, shade(colour, -0.1)],
    [0.52, shade(colour, 0.35)],
    [0.7, shade(colour, -0.3)],
    [0.86, shade(colour, 0.2)],
    [1, shade(colour, -0.4)],
  ]);
}

/** A filter that blurs by `sigma`. */
export function blur(sketch: Sketch, sigma: number): string {
  return sketch.define(
    (id) =>
      `<filter id="${id}" x="-50%" y="-50%" width="200%" height="200%">` +
      `<feGaussianBlur stdDeviation="${sigma}"/></filter>`,
  );
}
