import { clear, linear, radial, shade } from '../drawing/paint.ts';
import type { Sketch } from '../drawing/sketch.ts';
import { drawChipsOfStone, drawMarble, drawPlanks, drawSpots, fill, rough } from './grounds.ts';
import { drawPrint, drawWeave, tile } from '../drawing/texture.ts';

/** Paints a place to put a product; a standing one has its ground below `HORIZON`. */
type DrawBackdrop = (sketch: Sketch, colour: string) => void;

/** Where the ground meets the wall, on a square of 1,000. */
const HORIZON = 660;

/** Places for things that stand. */
const STANDING = {
  white: (sketch) => {
    fill(sketch, '#ffffff');
    fill(
      sketch,
      linear(sketch, 90, [
        [0, '#ffffff'],
        [1, '#f7f7f7'],
      ]),
      [HORIZON, 1000],
    );
  },
  sweep: (sketch, colour) => {
    fill(
      sketch,
      linear(sketch, 90, [
        [0, shade(colour, -0.08)],
        [0.62, shade(colour, 0.16)],
        [0.7, shade(colour, 0.26)],
        [1, shade(colour, -0.04)],
      ]),
    );
    fill(
      sketch,
      radial(
        sketch,
        [
          [0, clear('#ffffff', 0.35)],
          [1, clear('#ffffff', 0)],
        ],
        [0.4, 0.35, 0.6],
      ),
    );
  },
  room: (sketch, colour) => {
    fill(
      sketch,
      linear(sketch, 10, [
        [0, shade(colour, 0.3)],
        [1, shade(colour, -0.05)],
      ]),
      [0, HORIZON],
    );
    sketch.add(
      '<rect x="690" y="90" width="220" height="270" fill="#fbf8f1"/><rect x="690" y="90" width="220" height="270" fill="none" stroke="#8a6a48" stroke-width="16"/>',
    );
    sketch.add(
      `<circle cx="770" cy="210" r="56" fill="${shade(colour, -0.3)}"/><path d="M700,340 L800,230 L900,350 V352 H700 Z" fill="#d18a5a"/>`,
    );
    drawPlanks(sketch, '#b98a5e', [HORIZON, 1000], 56);
    fill(sketch, '#f6f3ee', [HORIZON - 36, HORIZON]);
    fill(sketch, '#00000030', [HORIZON, HORIZON + 8]);
  },
  kitchen: (sketch, colour) => {
    fill(
      sketch,
      tile(
        sketch,
        [170, 92],
        `<rect width="170" height="92" fill="${shade(colour, 0.72)}"/><rect x="3" y="3" width="164" height="86" rx="5" fill="${shade(colour, 0.6)}"/><rect x="3" y="3" width="164" height="20" rx="5" fill="#fff" opacity=".4"/>`,
      ),
      [0, HORIZON],
    );
    drawMarble(sketch, [HORIZON, 1000]);
    fill(
      sketch,
      linear(sketch, 90, [
        [0, '#00000050'],
        [1, '#00000000'],
      ]),
      [HORIZON, HORIZON + 60],
    );
  },
  cafe: (sketch) => {
    fill(
      sketch,
      linear(sketch, 90, [
        [0, '#4a342a'],
        [1, '#8a6147'],
      ]),
      [0, HORIZON],
    );
    drawSpots(sketch, ['#ffcf87', '#f2a65a', '#fff0cf', '#a5683f'], HORIZON - 40);
    drawPlanks(sketch, '#8c5a36', [HORIZON, 1000], 86);
  },
  garden: (sketch) => {
    fill(
      sketch,
      linear(sketch, 90, [
        [0, '#bfe0e8'],
        [0.5, '#8dbb77'],
        [1, '#5d8f50'],
      ]),
      [0, HORIZON],
    );
    drawSpots(sketch, ['#dcefaa', '#6aa35a', '#3f7a4a', '#f6f2b8', '#f2c6d0'], HORIZON);
    drawPlanks(sketch, '#a78f74', [HORIZON, 1000], 68);
  },
  podium: (sketch, colour) => {
    fill(
      sketch,
      linear(sketch, 60, [
        [0, shade(colour, 0.4)],
        [1, shade(colour, 0.05)],
      ]),
    );
    sketch.add(
      `<path d="M230,900 V380 C230,120 770,120 770,380 V900 Z" fill="${shade(colour, -0.16)}"/>`,
    );
    fill(sketch, shade(colour, 0.3), [HORIZON + 60, 1000]);
    sketch.add(
      `<path d="M120,820 V920 C120,1000 880,1000 880,920 V820 Z" fill="${linear(sketch, 0, [
        [0, shade(colour, 0.1)],
        [0.3, shade(colour, 0.62)],
        [1, shade(colour, -0.15)],
      ])}"/>`,
      `<ellipse cx="500" cy="820" rx="380" ry="74" fill="${shade(colour, 0.56)}"/>`,
    );
  },
  terrazzo: (sketch, colour) => {
    fill(
      sketch,
      linear(sketch, 20, [
        [0, shade(colour, 0.1)],
        [1, shade(colour, -0.3)],
      ]),
      [0, HORIZON],
    );
    fill(sketch, '#efe9df', [HORIZON, 1000]);
    drawChipsOfStone(sketch, [HORIZON, 1000]);
    fill(
      sketch,
      linear(sketch, 90, [
        [0, '#00000048'],
        [1, '#00000000'],
      ]),
      [HORIZON, HORIZON + 70],
    );
  },
} as const satisfies Record<string, DrawBackdrop>;

/** Places for things that lie and are photographed from above. */
const LYING = {
  white: (sketch) => fill(sketch, '#ffffff'),
  paper: (sketch, colour) => {
    fill(sketch, shade(colour, 0.18));
    sketch.add(
      `<path d="M-10,720 L1010,380 V1010 H-10 Z" fill="${shade(colour, -0.12)}"/><path d="M-10,720 L1010,380 V404 L-10,744 Z" fill="#000" opacity=".12"/>`,
    );
  },
  planks: (sketch) =>
    drawPlanks(sketch, sketch.random.pick(['#b98a5e', '#8c6a4a', '#d9c3a0']), [0, 1000], 168),
  marble: (sketch) => drawMarble(sketch, [0, 1000]),
  linen: (sketch, colour) => {
    fill(sketch, shade(colour, 0.55));
    fill(sketch, drawWeave(sketch, 'canvas'));
    rough(sketch, { frequency: [0.004, 0.006], height: 6, octaves: 2 }, [0, 1000, 0.7]);
  },
  concrete: (sketch) => {
    fill(sketch, '#b9b8b4');
    rough(sketch, { frequency: [0.02, 0.02], height: 1.6, octaves: 5 });
    drawSpots(sketch, ['#a3a29e', '#c9c8c4'], 1000);
  },
  rug: (sketch, colour) => {
    fill(sketch, shade(colour, 0.5));
    fill(sketch, drawPrint(sketch, 'zigzag', shade(colour, 0.15), shade(colour, -0.15)));
    fill(sketch, drawWeave(sketch, 'knit'));
  },
  grass: (sketch) => {
    fill(sketch, '#6f9d4e');
    for (let blade = 0; blade < 900; blade += 1) {
      const [x, y] = [sketch.random.between(-20, 1020), sketch.random.between(-20, 1040)];
      sketch.add(
        `<path d="M${x},${y} q${sketch.random.between(-18, 18)},-30 ${sketch.random.between(-26, 26)},-64" stroke="${sketch.random.pick(['#4f7d38', '#86b45c', '#9cc76e', '#5e8f45', '#3f6b2f'])}" stroke-width="6" fill="none"/>`,
      );
    }
  },
  terrazzo: (sketch, colour) => {
    fill(sketch, shade(colour, 0.78));
    drawChipsOfStone(sketch, [0, 1000]);
  },
} as const satisfies Record<string, DrawBackdrop>;

/** The name of a place; those of the other stance have no meaning for a product. */
export type BackdropName = keyof typeof STANDING | keyof typeof LYING;

/** The names for each stance. */
export const BACKDROPS = {
  stands: Object.keys(STANDING) as readonly (keyof typeof STANDING)[],
  lies: Object.keys(LYING) as readonly (keyof typeof LYING)[],
} as const;

/** Paints the place `name`. */
export function drawBackdrop(
  sketch: Sketch,
  stance: 'stands' | 'lies',
  name: BackdropName,
  colour: string,
): void {
  const places: Readonly<Record<string, DrawBackdrop>> = stance === 'stands' ? STANDING : LYING;
  const draw = places[name];
  if (draw === undefined) throw new RangeError(`"${name}" is no place for what ${stance}`);
  draw(sketch, colour);
}
