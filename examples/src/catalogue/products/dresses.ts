import type { DrawProduct, Look } from '../drawing/look.ts';
import { linear, shade } from '../drawing/paint.ts';
import { symmetric } from '../drawing/path.ts';
import type { Sketch } from '../drawing/sketch.ts';
import { cord, line, surface } from '../drawing/surface.ts';
import { clothOf } from './cloth.ts';

function skirtFolds(width: number, hem: number): string[] {
  return [-0.72, -0.4, -0.12, 0.2, 0.5, 0.8].map((share) => {
    const foot = 500 + share * width;
    return `M${500 + share * 96},500 C${500 + share * 120},640 ${foot - 12},760 ${foot},${hem}`;
  });
}

function drawBodice(sketch: Sketch, look: Look): void {
  const bodice = symmetric(
    500,
    [0, 214],
    [
      [40, 214, 84, 196, 112, 150],
      [136, 156, 150, 164, 160, 170],
      [146, 240, 140, 290, 148, 330],
      [136, 380, 108, 410, 104, 452],
      [60, 462, 30, 464, 0, 464],
    ],
  );
  surface(sketch, bodice, {
    ...clothOf(sketch, look),
    folds: ['M400,340 C430,380 440,400 444,440', 'M600,340 C572,380 562,400 556,440'],
  });
}

function drawSkirt(sketch: Sketch, look: Look, [width, hem]: readonly [number, number]): void {
  const wave = 18;
  const skirt = symmetric(
    500,
    [0, 446],
    [
      [104, 446],
      [130, 560, width - 40, 700, width, hem],
      [width * 0.86, hem + wave, width * 0.72, hem + wave, width * 0.6, hem + 4],
      [width * 0.46, hem + wave * 1.6, width * 0.34, hem + wave * 1.6, width * 0.2, hem + 8],
      [width * 0.1, hem + wave, 10, hem + wave, 0, hem + 10],
    ],
  );
  surface(sketch, skirt, { ...clothOf(sketch, look), folds: skirtFolds(width, hem), edge: 56 });
}

/** A dress with a wide skirt; form 1 reaches the ankles, form 2 has puffed sleeves. */
export const drawDress: DrawProduct = (sketch, look) => {
  if (look.form === 2) {
    const sleeve = 'M388,158 C310,150 250,210 262,290 C300,320 346,318 372,296 Z';
    for (const mirror of ['', 'transform="matrix(-1 0 0 1 1000 0)"']) {
      sketch.group(mirror, () =>
        surface(sketch, sleeve, {
          ...clothOf(sketch, look),
          folds: ['M350,180 C320,220 306,250 304,296', 'M372,190 C350,230 340,260 342,300'],
        }),
      );
    }
  }
  drawSkirt(sketch, look, look.form === 1 ? [236, 920] : [286, 820]);
  drawBodice(sketch, look);
  sketch.add(
    `<path d="M388,150 C430,214 570,214 612,150 C580,176 420,176 388,150 Z" fill="${shade(look.main, -0.5)}"/>`,
  );
  surface(sketch, 'M394,438 C460,452 540,452 606,438 L608,476 C540,490 460,490 392,476 Z', {
    fill: look.accent,
    edge: 18,
    outline: look.accent,
  });
  cord(sketch, 'M534,470 C556,500 548,540 566,580', look.accent, 14);
  cord(sketch, 'M534,470 C530,510 518,540 524,590', look.accent, 14);
};

/** A slip dress of satin on thin straps. */
export const drawSlip: DrawProduct = (sketch, look) => {
  for (const side of [-1, 1]) {
    line(
      sketch,
      `M${500 + side * 96},270 C${500 + side * 100},200 ${500 + side * 92},140 ${500 + side * 80},96`,
      shade(look.main, -0.2),
      9,
    );
  }
  const gown = symmetric(
    500,
    [0, 330],
    [
      [40, 312, 76, 284, 98, 262],
      [124, 310, 140, 340, 146, 372],
      [126, 450, 118, 500, 136, 560],
      [168, 680, 190, 780, 206, 884],
      [140, 906, 60, 910, 0, 910],
    ],
  );
  const sheen = linear(sketch, 12, [
    [0, shade(look.main, -0.28)],
    [0.2, shade(look.main, 0.18)],
    [0.34, shade(look.main, -0.12)],
    [0.5, shade(look.main, 0.42)],
    [0.62, shade(look.main, 0.02)],
    [0.8, shade(look.main, 0.22)],
    [1, shade(look.main, -0.38)],
  ]);
  surface(sketch, gown, {
    fill: sheen,
    relief: { frequency: [0.006, 0.003], height: 30, octaves: 2 },
    folds: [
      'M420,330 C470,380 540,380 584,326',
      'M440,560 C420,680 400,780 392,900',
      'M540,600 C570,700 580,800 590,900',
      'M498,640 C500,740 492,820 486,906',
    ],
    outline: look.main,
  });
};
