import type { Random } from './random.ts';

/** The side of the square that products are drawn in. */
export const SKETCH_SIDE = 1000;

/** An SVG drawing under way: its definitions and its shapes, in painting order. */
export class Sketch {
  readonly random: Random;
  readonly #definitions: string[] = [];
  readonly #shapes: string[] = [];

  constructor(random: Random) {
    this.random = random;
  }

  /** Adds a gradient, pattern, clip or filter; returns the `url(#…)` that names it. */
  define(write: (id: string) => string): string {
    const id = `d${this.#definitions.length}`;
    this.#definitions.push(write(id));
    return `url(#${id})`;
  }

  /** Paints over what is there. */
  add(...markup: readonly string[]): void {
    this.#shapes.push(...markup);
  }

  /** Paints what `draw` paints as one group with `attributes`. */
  group(attributes: string, draw: () => void): void {
    this.#shapes.push(`<g ${attributes}>`);
    draw();
    this.#shapes.push('</g>');
  }

  /** The whole document; `width` and `height` are the pixels it is rendered at. */
  toSvg(width: number, height: number, view = `0 0 ${SKETCH_SIDE} ${SKETCH_SIDE}`): string {
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ` +
      `width="${width}" height="${height}" viewBox="${view}" preserveAspectRatio="xMidYMid slice">` +
      `<defs>${this.#definitions.join('')}</defs>${this.#shapes.join('')}</svg>`
    );
  }
}
