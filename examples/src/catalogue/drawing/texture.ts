import { clear, shade } from './paint.ts';
import { smooth } from './path.ts';
import type { Sketch } from './sketch.ts';

/** A pattern that repeats every `width` × `height`. */
export function tile(
  sketch: Sketch,
  [width, height]: readonly [number, number],
  markup: string,
  transform = '',
): string {
  return sketch.define(
    (id) =>
      `<pattern id="${id}" width="${width}" height="${height}" patternUnits="userSpaceOnUse" ` +
      `patternTransform="${transform}">${markup}</pattern>`,
  );
}

const box = (x: number, y: number, width: number, height: number, fill: string): string =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill}"/>`;

/** What is printed on a cloth. */
export type Print =
  | 'stripes'
  | 'pinstripes'
  | 'plaid'
  | 'gingham'
  | 'dots'
  | 'flowers'
  | 'leaves'
  | 'zigzag'
  | 'argyle'
  | 'camouflage'
  | 'snow';

type DrawTexture = (sketch: Sketch, one: string, two: string) => string;

function drawFlowers(sketch: Sketch, one: string, two: string): string {
  let markup = '';
  for (let index = 0; index < 7; index += 1) {
    const [x, y] = [sketch.random.between(30, 150), sketch.random.between(30, 150)];
    const radius = sketch.random.between(9, 17);
    const turn = sketch.random.between(0, 72);
    markup += `<path d="M${x},${y} q${radius * 2},${radius} ${radius * 2.4},${radius * 2.6}" stroke="${shade(two, -0.35)}" stroke-width="3" fill="none"/>`;
    for (let petal = 0; petal < 5; petal += 1) {
      markup += `<ellipse cx="${x}" cy="${y - radius}" rx="${radius * 0.62}" ry="${radius}" fill="${petal % 2 === 0 ? one : shade(one, -0.08)}" transform="rotate(${turn + petal * 72} ${x} ${y})"/>`;
    }
    markup += `<circle cx="${x}" cy="${y}" r="${radius * 0.5}" fill="${two}"/>`;
  }
  return tile(sketch, [180, 180], markup, 'rotate(12)');
}

function drawLeaves(sketch: Sketch, one: string, two: string): string {
  let markup = '';
  for (let index = 0; index < 6; index += 1) {
    const place = `translate(${sketch.random.between(40, 180)} ${sketch.random.between(40, 180)}) rotate(${sketch.random.between(0, 360)})`;
    const size = sketch.random.between(34, 56);
    const fill = index % 2 === 0 ? one : two;
    markup +=
      `<g transform="${place}"><path d="M0,${-size} C${size * 0.55},${-size * 0.4} ${size * 0.4},${size * 0.6} 0,${size} ` +
      `C${-size * 0.4},${size * 0.6} ${-size * 0.55},${-size * 0.4} 0,${-size} Z" fill="${fill}"/>` +
      `<path d="M0,${-size} V${size * 1.2} M0,${-size * 0.3} l${size * 0.26},${-size * 0.2} M0,${size * 0.1} l${-size * 0.26},${-size * 0.2} M0,${size * 0.4} l${size * 0.22},${-size * 0.2}" stroke="${shade(fill, 0.35)}" stroke-width="2.5" fill="none"/></g>`;
  }
  return tile(sketch, [220, 220], markup, 'rotate(-8)');
}

function drawCamouflage(sketch: Sketch, one: string, two: string): string {
  let markup = '';
  for (let index = 0; index < 12; index += 1) {
    const [x, y] = [sketch.random.between(30, 230), sketch.random.between(30, 230)];
    const points = Array.from({ length: 7 }, (_, at) => {
      const reach = sketch.random.between(14, 46);
      return [x + reach * Math.cos(at * 0.9), y + reach * 0.7 * Math.sin(at * 0.9)] as const;
    });
    markup += `<path d="${smooth(points)}" fill="${sketch.random.pick([one, two, shade(two, -0.4)])}"/>`;
  }
  return tile(sketch, [260, 260], markup);
}

const PRINTS: Readonly<Record<Print, DrawTexture>> = {
  stripes: (sketch, one) => tile(sketch, [70, 70], box(0, 20, 70, 30, one)),
  pinstripes: (sketch, one) => tile(sketch, [36, 36], box(14, 0, 4, 36, one)),
  plaid: (sketch, one, two) =>
    tile(
      sketch,
      [130, 130],
      box(0, 0, 130, 46, clear(one, 0.55)) +
        box(0, 0, 46, 130, clear(one, 0.55)) +
        box(0, 84, 130, 8, two) +
        box(84, 0, 8, 130, two) +
        box(0, 104, 130, 4, clear(two, 0.7)) +
        box(104, 0, 4, 130, clear(two, 0.7)),
    ),
  gingham: (sketch, one) =>
    tile(sketch, [56, 56], box(0, 0, 28, 56, clear(one, 0.5)) + box(0, 0, 56, 28, clear(one, 0.5))),
  dots: (sketch, one) =>
    tile(
      sketch,
      [70, 70],
      `<circle cx="18" cy="18" r="12" fill="${one}"/><circle cx="53" cy="53" r="12" fill="${one}"/>`,
    ),
  flowers: drawFlowers,
  leaves: drawLeaves,
  zigzag: (sketch, one, two) =>
    tile(
      sketch,
      [80, 90],
      `<path d="M-10,20 L20,50 L60,10 L100,50" fill="none" stroke="${one}" stroke-width="15"/>` +
        `<path d="M-10,65 L20,95 L60,55 L100,95" fill="none" stroke="${two}" stroke-width="7"/>`,
    ),
  argyle: (sketch, one, two) =>
    tile(
      sketch,
      [100, 150],
      `<path d="M50,0 L100,75 L50,150 L0,75 Z" fill="${one}"/>` +
        `<path d="M0,0 L100,150 M100,0 L0,150" stroke="${two}" stroke-width="3" stroke-dasharray="9 7"/>`,
    ),
  camouflage: drawCamouflage,
  snow: (sketch, one, two) =>
    tile(
      sketch,
      [88, 220],
      box(0, 12, 88, 7, two) +
        `<path d="M44,34 l14,16 l-14,16 l-14,-16 Z M0,34 l14,16 L0,66 Z M88,34 l-14,16 l14,16 Z" fill="${one}"/>` +
        box(0, 80, 88, 7, two) +
        `<path d="M44,100 v60 M22,112 l44,36 M66,112 l-44,36" stroke="${one}" stroke-width="7"/>` +
        `<path d="M0,108 v44 M88,108 v44" stroke="${one}" stroke-width="7"/>` +
        box(0, 176, 88, 4, one),
    ),
};

/** The print in two colours, as a paint. */
export function drawPrint(sketch: Sketch, print: Print, one: string, two: string): string {
  return PRINTS[print](sketch, one, two);
}

/** How a cloth, or what stands for one, is made: a see-through relief over its colour. */
export type Weave = 'canvas' | 'twill' | 'knit' | 'cable' | 'rib' | 'quilt' | 'cord' | 'straw';

const DARK = '#00000038';
const LIGHT = '#ffffff38';

const stroke = (path: string, colour: string, width: number): string =>
  `<path d="${path}" fill="none" stroke="${colour.slice(0, 7)}" stroke-opacity="${Number.parseInt(colour.slice(7), 16) / 255}" stroke-width="${width}" stroke-linecap="round"/>`;

const WEAVES: Readonly<Record<Weave, (sketch: Sketch) => string>> = {
  canvas: (sketch) =>
    tile(sketch, [10, 10], box(0, 0, 5, 5, DARK) + box(5, 5, 5, 5, DARK) + box(5, 0, 5, 5, LIGHT)),
  twill: (sketch) =>
    tile(sketch, [9, 9], box(0, 0, 9, 4, DARK) + box(0, 5, 9, 2, LIGHT), 'rotate(-58)'),
  knit: (sketch) =>
    tile(
      sketch,
      [20, 18],
      stroke('M1,2 L10,12 L19,2', DARK, 4) + stroke('M1,-2 L10,8 L19,-2', LIGHT, 3),
    ),
  cable: (sketch) =>
    tile(
      sketch,
      [120, 96],
      stroke('M30,-6 C30,20 70,28 70,48 C70,70 30,76 30,102', DARK, 9) +
        stroke('M70,-6 C70,20 30,28 30,48 C30,70 70,76 70,102', DARK, 9) +
        stroke('M38,-6 C38,20 62,28 62,48 C62,70 38,76 38,102', LIGHT, 12) +
        stroke('M92,0 V96 M8,0 V96', DARK, 5) +
        stroke('M100,0 V96 M0,0 V96', LIGHT, 7),
    ),
  rib: (sketch) => tile(sketch, [14, 14], box(0, 0, 6, 14, DARK) + box(8, 0, 4, 14, LIGHT)),
  quilt: (sketch) =>
    tile(
      sketch,
      [76, 76],
      stroke('M0,0 L76,76 M76,0 L0,76', '#00000066', 5) +
        stroke('M-2,5 L71,78 M78,5 L5,78', LIGHT, 4),
    ),
  cord: (sketch) => tile(sketch, [18, 18], box(0, 0, 5, 18, '#00000050') + box(8, 0, 6, 18, LIGHT)),
  straw: (sketch) =>
    tile(
      sketch,
      [22, 16],
      stroke('M0,8 Q5.5,0 11,8 T22,8', DARK, 4) + stroke('M0,4 Q5.5,-4 11,4 T22,4', LIGHT, 3),
    ),
};

/** The relief of `weave`, as a paint to lay over a colour. */
export function drawWeave(sketch: Sketch, weave: Weave): string {
  return WEAVES[weave](sketch);
}

/** How rough noise is: frequencies along x and y, and how high it stands. */
export interface Relief {
  readonly frequency: readonly [number, number];
  readonly height: number;
  readonly octaves?: number;
}

/** A filter that turns a white shape into lit noise, to multiply over a colour: leather, wrinkles, wood, fur. */
export function relief(sketch: Sketch, { frequency, height, octaves = 3 }: Relief): string {
  const seed = Math.floor(sketch.random.between(1, 9999));
  return sketch.define(
    (id) =>
      `<filter id="${id}" x="0" y="0" width="100%" height="100%" color-interpolation-filters="sRGB">` +
      `<feTurbulence type="fractalNoise" baseFrequency="${frequency.join(' ')}" numOctaves="${octaves}" seed="${seed}"/>` +
      `<feDiffuseLighting surfaceScale="${height}" diffuseConstant="1.28" lighting-color="#ffffff">` +
      `<feDistantLight azimuth="225" elevation="52"/></feDiffuseLighting>` +
      `<feComposite in2="SourceAlpha" operator="in"/></filter>`,
  );
}

/** Creases of a cloth. */
export const WRINKLES: Relief = { frequency: [0.007, 0.0035], height: 8, octaves: 2 };
/** The skin of leather. */
export const LEATHER: Relief = { frequency: [0.09, 0.09], height: 1.1 };
/** Long fibres along x. */
export const GRAIN: Relief = { frequency: [0.004, 0.06], height: 1.5 };
/** Short hair. */
export const FUR: Relief = { frequency: [0.12, 0.14], height: 2.6, octaves: 4 };
