import type { DrawProduct, Look } from '../drawing/look.ts';
import { shade } from '../drawing/paint.ts';
import { oval, roundedBox, smooth, symmetric } from '../drawing/path.ts';
import type { Sketch } from '../drawing/sketch.ts';
import { cord, line, stitches, stud, surface } from '../drawing/surface.ts';
import { drawWeave } from '../drawing/texture.ts';
import { clothOf } from './cloth.ts';

const SHORT_SLEEVE = 'M306,206 C236,232 176,304 112,410 C150,452 200,476 252,490 L330,372 Z';
const LONG_SLEEVE =
  'M312,208 C236,236 200,330 180,440 C162,560 138,680 128,800 C158,822 196,826 226,816 C246,700 270,560 334,420 Z';
const MIRROR = 'transform="matrix(-1 0 0 1 1000 0)"';

const SLEEVE_FOLDS = ['M250,470 C230,560 210,640 190,740', 'M292,330 C262,380 240,430 226,500'];
const BODY_FOLDS = [
  'M322,420 C352,470 380,500 420,520',
  'M678,420 C650,480 620,520 572,544',
  'M352,640 C372,720 366,790 350,850',
  'M640,610 C622,700 640,780 652,850',
];

/** Shoulders, sides and hem; the neck is cut out by the collar's dark inside. */
function bodyPath(hem: number, width: number): string {
  return symmetric(
    500,
    [0, 214],
    [
      [60, 214, 92, 196, 108, 178],
      [150, 186, 178, 196, 200, 210],
      [186, 290, 178, 350, 186, 420],
      [186, 560, width - 4, 700, width, hem],
      [width * 0.6, hem + 14, width * 0.3, hem + 16, 0, hem + 16],
    ],
  );
}

function drawSleeves(sketch: Sketch, look: Look, long: boolean): void {
  const sleeve = long ? LONG_SLEEVE : SHORT_SLEEVE;
  const options = { ...clothOf(sketch, look), folds: long ? SLEEVE_FOLDS : [] };
  const drawSide = (): void => {
    surface(sketch, sleeve, options);
    if (!long) stitches(sketch, 'M126,398 C164,438 208,460 260,474', shade(look.main, -0.3));
  };
  drawSide();
  sketch.group(MIRROR, drawSide);
}

function drawNeck(sketch: Sketch, look: Look, depth: number): void {
  sketch.add(
    `<path d="M392,180 C430,166 570,166 608,180 C590,${200 + depth} 410,${200 + depth} 392,180 Z" fill="${shade(look.main, -0.55)}"/>`,
    `<path d="M392,180 C440,206 560,206 608,180" fill="none" stroke="${shade(look.main, -0.25)}" stroke-width="20"/>`,
  );
  cord(
    sketch,
    `M390,180 C404,${222 + depth} 596,${222 + depth} 610,180`,
    look.print === undefined ? look.main : shade(look.main, -0.06),
    26,
  );
}

/** What is printed on the chest, by form. */
const EMBLEMS: readonly ((look: Look) => string)[] = [
  () => '',
  (look) =>
    `<circle cx="500" cy="430" r="104" fill="${look.second}"/><path d="M398,452 L452,384 L492,430 L530,362 L602,452 A104,104 0 0 1 398,452 Z" fill="${look.accent}"/><circle cx="546" cy="372" r="20" fill="#fff" fill-opacity=".85"/>`,
  (look) =>
    `<g fill="none" stroke-width="26"><path d="M404,500 a96,96 0 0 1 192,0" stroke="${look.second}"/><path d="M432,500 a68,68 0 0 1 136,0" stroke="${look.accent}"/><path d="M460,500 a40,40 0 0 1 80,0" stroke="#f2c14e"/></g>`,
  (look) =>
    `<path d="M500,520 C380,430 410,340 466,346 C488,348 498,366 500,380 C502,366 512,348 534,346 C590,340 620,430 500,520 Z" fill="${look.second}"/>`,
];

/** A T-shirt; form picks its emblem. */
export const drawTee: DrawProduct = (sketch, look) => {
  drawSleeves(sketch, look, false);
  surface(sketch, bodyPath(850, 192), { ...clothOf(sketch, look), folds: BODY_FOLDS });
  sketch.add(`<g opacity=".93">${EMBLEMS[look.form ?? 0]?.(look) ?? ''}</g>`);
  stitches(sketch, 'M312,838 C420,852 580,852 688,838', shade(look.main, -0.3));
  drawNeck(sketch, look, 46);
};

function drawCollar(sketch: Sketch, look: Look): void {
  const leaf = 'M398,164 C430,190 470,214 500,240 L442,308 L372,196 Z';
  const drawSide = (): void =>
    surface(sketch, leaf, { ...clothOf(sketch, look), edge: 22, outline: look.main });
  drawSide();
  sketch.group(MIRROR, drawSide);
}

/** A buttoned shirt with long sleeves (form 0) or short ones (form 1). */
export const drawShirt: DrawProduct = (sketch, look) => {
  const long = (look.form ?? 0) === 0;
  drawSleeves(sketch, look, long);
  surface(sketch, bodyPath(862, 196), { ...clothOf(sketch, look), folds: BODY_FOLDS });
  sketch.add(
    `<path d="M398,166 C440,152 560,152 602,166 L500,246 Z" fill="${shade(look.main, -0.5)}"/>`,
  );
  surface(sketch, roundedBox(474, 238, 52, 638, 4), { ...clothOf(sketch, look), edge: 18 });
  for (let y = 290; y < 860; y += 92) {
    stud(sketch, 500, y, { radius: 10, fill: shade(look.accent, 0.3) });
  }
  surface(sketch, 'M566,372 h96 v84 l-48,26 l-48,-26 Z', { ...clothOf(sketch, look), edge: 16 });
  stitches(sketch, 'M572,380 h84', shade(look.main, -0.35));
  drawCollar(sketch, look);
  if (long) {
    for (const mirror of ['', MIRROR]) {
      sketch.group(mirror, () =>
        surface(sketch, 'M134,762 L232,778 L226,826 C190,834 156,830 126,808 Z', {
          ...clothOf(sketch, look),
          edge: 16,
        }),
      );
    }
  }
};

function drawBands(sketch: Sketch, look: Look): void {
  const rib = {
    fill: look.accent,
    layers: [drawWeave(sketch, 'rib')],
    edge: 24,
    outline: look.main,
  };
  surface(sketch, 'M306,806 C420,826 580,826 694,806 L688,880 C580,896 420,896 312,880 Z', rib);
  const cuff = 'M140,742 L238,752 L228,832 C190,842 152,836 122,820 Z';
  surface(sketch, cuff, rib);
  sketch.group(MIRROR, () => surface(sketch, cuff, rib));
}

/** A sweater: plain (form 0), with a block of the second colour (form 1) or a yoke in it (form 2). */
export const drawSweater: DrawProduct = (sketch, look) => {
  drawSleeves(sketch, look, true);
  const body = bodyPath(840, 196);
  surface(sketch, body, { ...clothOf(sketch, look), folds: BODY_FOLDS.slice(0, 2) });
  const clip = sketch.define((id) => `<clipPath id="${id}"><path d="${body}"/></clipPath>`);
  const knit = drawWeave(sketch, 'knit');
  const block = (path: string, fill: string): string =>
    `<path d="${path}" fill="${fill}"/><path d="${path}" fill="${knit}"/>`;
  if (look.form === 1) {
    sketch.group(`clip-path="${clip}" opacity=".94"`, () =>
      sketch.add(
        block('M200,470 H800 V640 H200 Z', look.second),
        block('M200,640 H800 V680 H200 Z', '#f6f1e7'),
      ),
    );
  }
  drawBands(sketch, look);
  drawNeck(sketch, { ...look, main: look.accent }, 30);
};

/** A hooded sweatshirt with a pouch. */
export const drawHoodie: DrawProduct = (sketch, look) => {
  const hood = 'M352,214 C330,120 400,64 500,64 C600,64 670,120 648,214 C600,290 400,290 352,214 Z';
  surface(sketch, hood, { ...clothOf(sketch, look), edge: 60 });
  surface(
    sketch,
    'M396,214 C388,140 430,110 500,110 C570,110 612,140 604,214 C580,262 420,262 396,214 Z',
    {
      fill: shade(look.main, -0.5),
      depth: 0.6,
    },
  );
  drawSleeves(sketch, look, true);
  const body = symmetric(
    500,
    [0, 286],
    [
      [50, 276, 100, 236, 132, 186],
      [160, 190, 180, 200, 200, 210],
      [186, 290, 178, 350, 186, 420],
      [188, 560, 196, 700, 198, 840],
      [120, 856, 60, 858, 0, 858],
    ],
  );
  surface(sketch, body, { ...clothOf(sketch, look), folds: BODY_FOLDS.slice(0, 2) });
  surface(sketch, 'M372,640 L420,584 H580 L628,640 L640,780 H360 Z', {
    ...clothOf(sketch, look),
    edge: 24,
  });
  stitches(sketch, 'M382,646 L424,596 H576 L618,646', shade(look.main, -0.35));
  drawBands(sketch, look);
  for (const x of [458, 542]) {
    stud(sketch, x, 282, { radius: 8, fill: '#d7d7d7' });
    cord(sketch, `M${x},286 C${x - 8},350 ${x + 8},390 ${x},440`, shade(look.second, 0.2), 11);
  }
  if (look.form === 1) sketch.add(`<path d="${oval(500, 470, 60, 38)}" fill="${look.second}"/>`);
};

/** A quilted winter jacket with a zip. */
export const drawJacket: DrawProduct = (sketch, look) => {
  drawSleeves(sketch, look, true);
  surface(sketch, bodyPath(800, 206), { ...clothOf(sketch, look), edge: 64 });
  for (let y = 300; y < 800; y += 92) {
    const seam = smooth(
      [
        [300, y],
        [400, y + 16],
        [500, y + 10],
        [600, y + 16],
        [700, y],
      ],
      false,
    );
    sketch.add(
      `<path d="${seam}" fill="none" stroke="#000" stroke-opacity=".42" stroke-width="6"/>`,
      `<path d="${seam}" fill="none" stroke="#fff" stroke-opacity=".26" stroke-width="12" transform="translate(0 14)"/>`,
    );
  }
  for (const mirror of ['', MIRROR]) {
    sketch.group(mirror, () => {
      for (let y = 330; y < 780; y += 76) {
        line(sketch, `M${276 - (y - 300) * 0.24},${y} q36,16 70,4`, shade(look.main, -0.45), 5);
      }
    });
  }
  drawBands(sketch, look);
  line(sketch, 'M500,214 V880', shade(look.main, -0.6), 16);
  sketch.add(
    `<path d="M500,214 V880" stroke="#d5d2c8" stroke-width="8" stroke-dasharray="5 5" fill="none"/>`,
  );
  surface(sketch, 'M380,190 C400,120 600,120 620,190 C600,236 400,236 380,190 Z', {
    fill: look.second,
    layers: [drawWeave(sketch, 'rib')],
    edge: 30,
  });
  stud(sketch, 500, 250, { radius: 13, fill: '#dedbd2' });
};
