import type { DrawProduct, Look } from '../drawing/look.ts';
import { linear, shade } from '../drawing/paint.ts';
import { oval, roundedBox } from '../drawing/path.ts';
import type { Sketch } from '../drawing/sketch.ts';
import { drawBlocks } from '../drawing/solid.ts';
import type { Block } from '../drawing/solid.ts';
import { line, stud, surface } from '../drawing/surface.ts';

function drawWheel(sketch: Sketch, x: number, y: number, look: Look): void {
  surface(sketch, oval(x, y, 92), { fill: '#24262b', edge: 26, depth: 0.6, outline: '#000000' });
  surface(sketch, oval(x, y, 52), { fill: look.accent, edge: 16, outline: look.accent });
  for (let spoke = 0; spoke < 5; spoke += 1)
    sketch.add(
      `<rect x="${x - 6}" y="${y - 44}" width="12" height="34" rx="5" fill="#000" fill-opacity=".35" transform="rotate(${spoke * 72} ${x} ${y})"/>`,
    );
  stud(sketch, x, y, { radius: 14, fill: '#e7e7e7' });
}

/** A toy car (form 0) or lorry (form 1). */
export const drawCar: DrawProduct = (sketch, look) => {
  const paint = (colour: string): string =>
    linear(sketch, 90, [
      [0, shade(colour, 0.4)],
      [0.3, colour],
      [0.75, shade(colour, -0.12)],
      [1, shade(colour, -0.4)],
    ]);
  const glass = linear(sketch, 100, [
    [0, '#dff2fa'],
    [0.5, '#9cc6da'],
    [1, '#5d8499'],
  ]);
  if (look.form === 1) {
    surface(sketch, roundedBox(110, 330, 500, 330, 30), {
      fill: paint(look.second),
      edge: 40,
      outline: look.second,
    });
    for (let x = 170; x < 600; x += 74) line(sketch, `M${x},350 V640`, shade(look.second, -0.3), 8);
    surface(
      sketch,
      'M630,660 V430 C630,400 650,390 680,390 H770 C800,390 820,420 840,470 L880,560 V660 Z',
      { fill: paint(look.main), edge: 40, outline: look.main },
    );
    surface(sketch, 'M680,430 H766 C790,430 800,460 816,520 H680 Z', { fill: glass, edge: 14 });
  } else {
    surface(sketch, 'M290,480 C330,350 390,310 500,310 C620,310 680,370 720,480 Z', {
      fill: paint(look.main),
      edge: 36,
      outline: look.main,
    });
    surface(
      sketch,
      'M340,474 C366,386 410,354 486,352 V474 Z M514,352 C600,352 640,400 668,474 H514 Z',
      { fill: glass, edge: 14 },
    );
    surface(
      sketch,
      'M110,600 C110,500 170,480 290,470 H720 C830,480 900,520 900,620 C900,680 880,690 850,690 H150 C120,690 110,660 110,600 Z',
      { fill: paint(look.main), edge: 54, depth: 0.5, outline: look.main },
    );
    sketch.add(`<path d="M112,580 H898 V616 H112 Z" fill="${look.second}"/>`);
    line(sketch, 'M500,486 V680 M540,540 h44', shade(look.main, -0.45), 6);
  }
  surface(sketch, roundedBox(100, 640, 810, 54, 26), {
    fill: '#5a5f68',
    edge: 18,
    outline: '#222222',
  });
  stud(sketch, 862, 566, { radius: 30, fill: '#ffeeb0' });
  drawWheel(sketch, 280, 700, look);
  drawWheel(sketch, 730, 700, look);
};

/** A wagon of the train, without wheels. */
const wagonAt = (x: number, fill: string): Block[] => [
  { at: [x, 90, 0], size: [230, 40, 170], fill: '#c99556', round: 6 },
  {
    at: [x, 20, 0],
    size: [210, 110, 150],
    fill,
    round: 10,
    front: (w, h) => `<circle cx="${w / 2}" cy="${h / 2}" r="32" fill="#fff" opacity=".85"/>`,
  },
];

/** A wooden train with two wagons. */
export const drawTrain: DrawProduct = (sketch, look, pose) => {
  const at = [500, 520] as const;
  drawBlocks(sketch, wagonAt(270, look.second), pose, at);
  drawBlocks(sketch, wagonAt(10, look.accent), pose, at);
  drawBlocks(
    sketch,
    [{ at: [-260, 90, 0], size: [250, 40, 170], fill: '#c99556', round: 6 }],
    pose,
    at,
  );
  drawBlocks(
    sketch,
    [{ at: [-310, 20, 0], size: [150, 110, 110], fill: look.main, round: 44 }],
    pose,
    at,
  );
  drawBlocks(
    sketch,
    [
      {
        at: [-196, -30, 0],
        size: [110, 210, 150],
        fill: look.main,
        round: 10,
        front: (w, h) =>
          `<rect x="24" y="30" width="${w - 48}" height="${h * 0.32}" rx="10" fill="#dff2fa"/>`,
      },
      { at: [-340, -80, 0], size: [48, 100, 48], fill: '#3a3d44', round: 14 },
    ],
    pose,
    at,
  );
  drawBlocks(
    sketch,
    [{ at: [-196, -146, 0], size: [140, 26, 180], fill: shade(look.main, -0.35), round: 10 }],
    pose,
    at,
  );
  for (const x of [-340, -200, -60, 80, 200, 340]) {
    const shift =
      x * Math.cos((pose.yaw * Math.PI) / 180) - 90 * Math.sin((pose.yaw * Math.PI) / 180);
    const drop =
      (x * Math.sin((pose.yaw * Math.PI) / 180) + 90 * Math.cos((pose.yaw * Math.PI) / 180)) *
      Math.sin((pose.pitch * Math.PI) / 180);
    surface(sketch, oval(500 + shift, 640 + drop, 48 * Math.cos((pose.yaw * Math.PI) / 180), 48), {
      fill: '#e0b071',
      edge: 16,
      depth: 0.6,
      outline: '#7a4f2c',
    });
    stud(sketch, 500 + shift, 640 + drop, { radius: 12, fill: '#b3543f' });
  }
};
