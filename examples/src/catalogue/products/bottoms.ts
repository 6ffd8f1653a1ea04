import type { DrawProduct, Look } from '../drawing/look.ts';
import { shade } from '../drawing/paint.ts';
import { symmetric } from '../drawing/path.ts';
import type { Sketch } from '../drawing/sketch.ts';
import { cord, line, stitches, stud, surface } from '../drawing/surface.ts';
import { drawWeave } from '../drawing/texture.ts';
import { clothOf } from './cloth.ts';

const MIRROR = 'transform="matrix(-1 0 0 1 1000 0)"';

function drawWaist(sketch: Sketch, look: Look): void {
  surface(sketch, 'M338,108 C440,124 560,124 662,108 L668,162 C560,178 440,178 332,162 Z', {
    ...clothOf(sketch, look),
    edge: 20,
  });
  for (const x of [376, 470, 530, 624]) {
    surface(sketch, `M${x - 9},104 h18 v66 h-18 Z`, {
      fill: look.main,
      edge: 10,
      outline: look.main,
    });
  }
}

function drawFly(sketch: Sketch, look: Look, thread: string): void {
  stitches(sketch, 'M540,180 C544,250 536,290 506,316', thread);
  line(sketch, 'M500,168 V330', shade(look.main, -0.45), 5);
  for (const mirror of ['', MIRROR]) {
    sketch.group(mirror, () => {
      line(sketch, 'M334,240 C390,236 420,206 424,172', shade(look.main, -0.45), 5);
      stitches(sketch, 'M334,252 C398,248 430,214 434,176', thread);
    });
  }
  stud(sketch, 500, 146, { radius: 13, fill: '#c98f4e' });
}

/** Trousers (form 0), wide ones (form 1) or shorts (form 2). */
export const drawTrousers: DrawProduct = (sketch, look) => {
  const form = look.form ?? 0;
  const hem = form === 2 ? 560 : 920;
  const flare = form === 0 ? 0 : 54;
  const leg =
    `M334,130 C318,260 ${304 - flare},420 ${318 - flare},${hem} ` +
    `C${360 - flare},${hem + 14} ${410 - flare},${hem + 14} 446,${hem} C470,${hem * 0.7} 488,480 500,350 L504,140 Z`;
  const folds = [
    'M480,360 C450,380 420,384 390,376',
    `M366,420 C360,${hem * 0.66} 372,${hem * 0.8} 368,${hem - 20}`,
    'M352,600 C380,616 410,612 440,596',
  ];
  for (const mirror of ['', MIRROR]) {
    sketch.group(mirror, () => {
      surface(sketch, leg, { ...clothOf(sketch, look), folds, edge: 58 });
      stitches(
        sketch,
        `M${326 - flare},${hem - 24} C${366 - flare},${hem - 10} ${410 - flare},${hem - 10} 446,${hem - 24}`,
        look.accent,
      );
    });
  }
  drawWaist(sketch, look);
  drawFly(sketch, look, look.accent);
};

/** Sweatpants with a cord and cuffs. */
export const drawJoggers: DrawProduct = (sketch, look) => {
  const leg =
    'M340,140 C310,300 300,480 332,640 C344,730 352,800 356,850 C390,862 420,862 450,850 C462,700 486,520 500,360 L504,140 Z';
  const cuff = 'M352,838 C390,850 420,850 454,838 L448,918 C420,928 390,928 360,918 Z';
  const rib = {
    fill: look.second,
    layers: [drawWeave(sketch, 'rib')],
    edge: 20,
    outline: look.second,
  };
  for (const mirror of ['', MIRROR]) {
    sketch.group(mirror, () => {
      surface(sketch, leg, {
        ...clothOf(sketch, look),
        folds: [
          'M480,370 C440,400 410,400 372,380',
          'M350,700 C390,730 420,720 448,690',
          'M356,780 C396,806 420,800 450,780',
        ],
        edge: 58,
      });
      surface(sketch, 'M318,420 C312,520 326,600 338,660 L352,656 C338,590 326,510 334,420 Z', {
        fill: look.accent,
        edge: 8,
      });
      surface(sketch, cuff, rib);
    });
  }
  surface(sketch, 'M338,108 C440,124 560,124 662,108 L668,176 C560,192 440,192 332,176 Z', rib);
  cord(sketch, 'M484,170 C470,230 480,270 466,320', shade(look.accent, 0.2), 12);
  cord(sketch, 'M516,170 C530,220 518,260 534,300', shade(look.accent, 0.2), 12);
};

/** A skirt: pleated (form 0) or short and straight with buttons (form 1). */
export const drawSkirt: DrawProduct = (sketch, look) => {
  const pleated = (look.form ?? 0) === 0;
  const [width, hem] = pleated ? [330, 760] : [236, 640];
  const skirt = symmetric(
    500,
    [0, 200],
    [
      [170, 200],
      [196, 340, width - 30, hem - 180, width, hem],
      [width * 0.6, hem + 30, width * 0.3, hem + 36, 0, hem + 36],
    ],
  );
  surface(sketch, skirt, { ...clothOf(sketch, look), edge: 60 });
  if (pleated) {
    for (let share = -0.84; share < 0.9; share += 0.24) {
      const foot = 500 + share * width;
      const fold = `M${500 + share * 170},206 L${foot},${hem + 30 - Math.abs(share) * 28}`;
      line(sketch, fold, shade(look.main, -0.6), 4);
      sketch.add(
        `<path d="${fold} l34,0 L${500 + share * 170 + 10},206 Z" fill="#000" fill-opacity=".2"/>`,
      );
    }
  } else {
    line(sketch, `M500,200 V${hem + 34}`, shade(look.main, -0.4), 5);
    for (let y = 240; y < hem; y += 84) stud(sketch, 522, y, { radius: 13, fill: '#c98f4e' });
    for (const mirror of ['', MIRROR]) {
      sketch.group(mirror, () => {
        surface(sketch, 'M318,310 h110 v110 l-55,26 l-55,-26 Z', {
          ...clothOf(sketch, look),
          edge: 16,
        });
        stitches(sketch, 'M326,320 h94 M326,320 v94', look.accent);
      });
    }
  }
  surface(sketch, 'M326,150 C440,164 560,164 674,150 L678,206 C560,222 440,222 322,206 Z', {
    ...clothOf(sketch, { ...look, main: pleated ? shade(look.main, -0.25) : look.main }),
    edge: 20,
  });
};
