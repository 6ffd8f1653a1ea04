import { blur, clear, linear, radial } from '../drawing/paint.ts';
import type { Sketch } from '../drawing/sketch.ts';

/** Paints what is multiplied over a whole picture. */
type DrawLight = (sketch: Sketch) => void;

const all = (sketch: Sketch, paint: string): void =>
  sketch.add(`<rect x="-10" y="-10" width="1020" height="1020" fill="${paint}"/>`);

function vignette(sketch: Sketch, opacity: number): void {
  all(
    sketch,
    radial(
      sketch,
      [
        [0, clear('#000000', 0)],
        [0.55, clear('#000000', 0)],
        [1, clear('#000000', opacity)],
      ],
      [0.45, 0.42, 0.82],
    ),
  );
}

const LIGHTS = {
  even: (sketch) => all(sketch, '#ffffff'),
  soft: (sketch) => {
    all(sketch, '#ffffff');
    all(
      sketch,
      linear(sketch, 38, [
        [0, '#ffffff00'],
        [0.55, '#ffffff00'],
        [1, '#5a504830'],
      ]),
    );
  },
  warm: (sketch) => {
    all(
      sketch,
      linear(sketch, 30, [
        [0, '#fff3dc'],
        [0.6, '#ffe2b8'],
        [1, '#d9a878'],
      ]),
    );
    vignette(sketch, 0.22);
  },
  cool: (sketch) => {
    all(
      sketch,
      linear(sketch, 150, [
        [0, '#f2f8ff'],
        [0.6, '#d9e8fb'],
        [1, '#9db8d8'],
      ]),
    );
    vignette(sketch, 0.18);
  },
  dusk: (sketch) => {
    all(
      sketch,
      linear(sketch, 60, [
        [0, '#b9a4b4'],
        [1, '#5a5878'],
      ]),
    );
    vignette(sketch, 0.4);
  },
  window: (sketch) => {
    all(sketch, '#fff4e2');
    const soft = blur(sketch, 7);
    const shift = sketch.random.between(-160, 160);
    const id = sketch.define(
      (name) =>
        `<mask id="${name}"><rect x="-10" y="-10" width="1020" height="1020" fill="#fff"/><g filter="${soft}" fill="#000" transform="translate(${shift} 0) skewX(-24)">${[0, 1].map((column) => [0, 1, 2].map((row) => `<rect x="${430 + column * 270}" y="${90 + row * 270}" width="244" height="244"/>`).join('')).join('')}</g></mask>`,
    );
    sketch.add(
      `<g mask="${id}"><rect x="-10" y="-10" width="1020" height="1020" fill="#4a4a66" opacity=".36"/></g>`,
    );
  },
  blinds: (sketch) => {
    all(sketch, '#fff1d6');
    sketch.group(`filter="${blur(sketch, 9)}" opacity=".3"`, () => {
      for (let y = -400; y < 1400; y += 150) {
        sketch.add(
          `<path d="M-40,${y + 260} L1040,${y - 120} v72 L-40,${y + 332} Z" fill="#3f3a52"/>`,
        );
      }
    });
  },
  leaves: (sketch) => {
    all(sketch, '#fffaf0');
    sketch.group(`filter="${blur(sketch, 11)}"`, () => {
      for (let leaf = 0; leaf < 26; leaf += 1) {
        const place = `translate(${sketch.random.between(-60, 700)} ${sketch.random.between(-60, 620)}) rotate(${sketch.random.between(0, 360)})`;
        sketch.add(
          `<path transform="${place}" d="M0,-110 C50,-60 40,60 0,110 C-40,60 -50,-60 0,-110 Z" fill="#33443a" opacity=".22"/>`,
        );
      }
    });
  },
} as const satisfies Record<string, DrawLight>;

/** The name of a light. */
export type LightName = keyof typeof LIGHTS;

/** The lights that change a picture visibly. */
export const MOODS: readonly LightName[] = ['soft', 'warm', 'cool', 'window', 'blinds', 'leaves'];

/** Paints the light `name`, to be multiplied over a picture. */
export function drawLight(sketch: Sketch, name: LightName): void {
  LIGHTS[name](sketch);
}
