import { blur, shade } from './paint.ts';
import type { Sketch } from './sketch.ts';
import { relief } from './texture.ts';
import type { Relief } from './texture.ts';

/** How a shape is filled so that it looks like a thing and not like paper. */
export interface SurfaceOptions {
  /** Paint of the whole shape. */
  readonly fill: string;
  /** Paints over it, such as prints and weaves. */
  readonly layers?: readonly string[];
  /** Lit noise over it. */
  readonly relief?: Relief;
  /** Paths of creases. */
  readonly folds?: readonly string[];
  /** How much the edges turn away from the light, 0–1. */
  readonly depth?: number;
  /** Width of the turning edge. */
  readonly edge?: number;
  /** Colour of a thin outline. */
  readonly outline?: string;
}

/** Paints the shape `path` with volume: the light comes from the upper left. */
export function surface(sketch: Sketch, path: string, options: SurfaceOptions): void {
  const { fill, layers = [], folds = [], depth = 0.4, edge = 46, outline } = options;
  const clip = sketch.define((id) => `<clipPath id="${id}"><path d="${path}"/></clipPath>`);
  sketch.group(`clip-path="${clip}"`, () => {
    for (const paint of [fill, ...layers]) sketch.add(`<path d="${path}" fill="${paint}"/>`);
    if (options.relief !== undefined) {
      const filter = relief(sketch, options.relief);
      sketch.add(
        `<path d="${path}" fill="#fff" filter="${filter}" style="mix-blend-mode:multiply" opacity=".72"/>`,
      );
    }
    for (const fold of folds) drawFold(sketch, fold);
    if (depth > 0) drawEdge(sketch, path, depth, edge);
  });
  if (outline !== undefined) {
    sketch.add(
      `<path d="${path}" fill="none" stroke="${shade(outline, -0.35)}" stroke-opacity=".55" stroke-width="2.5"/>`,
    );
  }
}

function drawFold(sketch: Sketch, fold: string): void {
  const soft = blur(sketch, 7);
  const line = (colour: string, opacity: number, move: number): string =>
    `<path d="${fold}" fill="none" stroke="${colour}" stroke-opacity="${opacity}" stroke-width="13" stroke-linecap="round" filter="${soft}" transform="translate(${move} ${move})"/>`;
  sketch.add(line('#000', 0.34, 0), line('#fff', 0.3, -13));
}

function drawEdge(sketch: Sketch, path: string, depth: number, edge: number): void {
  const soft = blur(sketch, edge * 0.3);
  const line = (colour: string, opacity: number, move: number): string =>
    `<path d="${path}" fill="none" stroke="${colour}" stroke-opacity="${opacity}" stroke-width="${edge}" filter="${soft}" transform="translate(${move} ${move * 1.15})"/>`;
  sketch.add(line('#000', depth, -edge * 0.24), line('#fff', depth * 0.62, edge * 0.3));
}

/** A row of stitches along `path`. */
export function stitches(sketch: Sketch, path: string, colour: string): void {
  sketch.add(
    `<path d="${path}" fill="none" stroke="${colour}" stroke-width="3" stroke-dasharray="10 6" stroke-opacity=".8"/>`,
  );
}

/** A plain line: seams, cords, straps. */
export function line(sketch: Sketch, path: string, colour: string, width: number): void {
  sketch.add(
    `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`,
  );
}

/** A round cord or strap: a dark line, a lighter one on it, a highlight. */
export function cord(sketch: Sketch, path: string, colour: string, width: number): void {
  line(sketch, path, shade(colour, -0.42), width);
  line(sketch, path, colour, width * 0.74);
  sketch.add(
    `<path d="${path}" fill="none" stroke="${shade(colour, 0.4)}" stroke-opacity=".7" stroke-width="${width * 0.18}" stroke-linecap="round" transform="translate(${-width * 0.12} ${-width * 0.12})"/>`,
  );
}

/** A button, rivet or eyelet at (x, y). */
export function stud(
  sketch: Sketch,
  x: number,
  y: number,
  options: { radius: number; fill: string },
): void {
  const { radius, fill } = options;
  sketch.add(
    `<circle cx="${x + radius * 0.15}" cy="${y + radius * 0.3}" r="${radius * 1.08}" fill="#000" fill-opacity=".35"/>`,
    `<circle cx="${x}" cy="${y}" r="${radius}" fill="${fill}"/>`,
    `<circle cx="${x - radius * 0.3}" cy="${y - radius * 0.35}" r="${radius * 0.28}" fill="#fff" fill-opacity=".65"/>`,
  );
}
