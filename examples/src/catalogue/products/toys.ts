import type { DrawProduct } from '../drawing/look.ts';
import { cylinder, linear, shade, sphere } from '../drawing/paint.ts';
import { oval, roundedBox, smooth } from '../drawing/path.ts';
import { drawBlocks } from '../drawing/solid.ts';
import type { DrawFace } from '../drawing/solid.ts';
import { line, stitches, stud, surface } from '../drawing/surface.ts';
import { FUR } from '../drawing/texture.ts';

/** A sitting bear (form 0) or rabbit (form 1) of plush. */
export const drawPlush: DrawProduct = (sketch, look) => {
  const fur = (path: string, colour: string, edge = 60): void =>
    surface(sketch, path, { fill: colour, relief: FUR, depth: 0.5, edge, outline: colour });
  for (const side of [-1, 1]) {
    const x = 500 + side * 130;
    if (look.form === 1) {
      fur(
        `M${x - 50},260 C${x - 80},120 ${x - 40},40 ${x},40 C${x + 40},40 ${x + 80},120 ${x + 50},260 Z`,
        look.main,
        40,
      );
      surface(sketch, oval(x, 150, 26, 80), { fill: look.second, edge: 20 });
    } else {
      fur(oval(500 + side * 158, 200, 76), look.main, 36);
      surface(sketch, oval(500 + side * 158, 206, 42), {
        fill: look.second,
        relief: FUR,
        edge: 24,
      });
    }
  }
  for (const side of [-1, 1])
    fur(
      smooth([
        [500 + side * 160, 530],
        [500 + side * 270, 600],
        [500 + side * 290, 700],
        [500 + side * 230, 730],
        [500 + side * 150, 650],
      ]),
      look.main,
      44,
    );
  fur(oval(500, 670, 214, 216), look.main, 90);
  surface(sketch, oval(500, 690, 128, 142), { fill: look.second, relief: FUR, edge: 40 });
  stitches(sketch, 'M500,556 V826', shade(look.second, -0.4));
  for (const side of [-1, 1]) {
    fur(oval(500 + side * 170, 850, 110, 92), look.main, 44);
    surface(sketch, oval(500 + side * 178, 856, 62, 56), {
      fill: look.second,
      relief: FUR,
      edge: 22,
    });
  }
  fur(oval(500, 330, 214, 192), look.main, 90);
  surface(sketch, oval(500, 390, 100, 80), { fill: look.second, relief: FUR, edge: 30 });
  stud(sketch, 420, 316, { radius: 22, fill: '#2b1d16' });
  stud(sketch, 580, 316, { radius: 22, fill: '#2b1d16' });
  surface(
    sketch,
    smooth([
      [460, 356],
      [500, 346],
      [540, 356],
      [500, 392],
    ]),
    { fill: '#3a2620', edge: 12 },
  );
  line(sketch, 'M500,392 V420 M500,420 q-26,26 -48,6 M500,420 q26,26 48,6', '#3a2620', 7);
  surface(sketch, 'M500,520 L400,480 L392,570 Z M500,520 L600,480 L608,570 Z', {
    fill: look.accent,
    edge: 20,
    outline: look.accent,
  });
  stud(sketch, 500, 522, { radius: 24, fill: shade(look.accent, -0.15) });
};

const MARKS: readonly DrawFace[] = [
  (w, h) => `<circle cx="${w / 2}" cy="${h / 2}" r="${w * 0.27}" fill="#fff"/>`,
  (w, h) => `<path d="M${w / 2},${h * 0.2} L${w * 0.82},${h * 0.76} H${w * 0.18} Z" fill="#fff"/>`,
  (w, h) =>
    `<rect x="${w * 0.26}" y="${h * 0.26}" width="${w * 0.48}" height="${h * 0.48}" fill="#fff"/>`,
  (w, h) =>
    `<path d="M${w / 2},${h * 0.8} C${w * 0.1},${h * 0.5} ${w * 0.24},${h * 0.16} ${w / 2},${h * 0.36} C${w * 0.76},${h * 0.16} ${w * 0.9},${h * 0.5} ${w / 2},${h * 0.8} Z" fill="#fff"/>`,
];

/** A pile of wooden blocks with marks. */
export const drawToyBlocks: DrawProduct = (sketch, look, pose) => {
  const colours = [look.main, look.second, look.accent, '#f2c230', '#57a05a', '#8a63b3'];
  const places = [
    [-210, 180, 0],
    [0, 190, 40],
    [208, 184, -10],
    [-104, -8, 10],
    [106, -2, 0],
    [0, -190, 10],
  ] as const;
  for (const [at, [x, y, z]] of places.entries()) {
    const fill = colours[at % colours.length] ?? look.main;
    const mark =
      (turn: number): DrawFace =>
      (w, h) =>
        `<rect x="14" y="14" width="${w - 28}" height="${h - 28}" rx="10" fill="none" stroke="#fff" stroke-opacity=".7" stroke-width="8"/>${MARKS[(at + turn) % MARKS.length]?.(w, h) ?? ''}`;
    drawBlocks(
      sketch,
      [
        {
          at: [x, y, z],
          size: [186, 186, 186],
          fill,
          front: mark(0),
          sides: mark(1),
          top: mark(2),
          round: 14,
        },
      ],
      { yaw: pose.yaw + sketch.random.between(-14, 14), pitch: pose.pitch + 8 },
      [500, 530],
    );
  }
};

/** A rubber duck. */
export const drawDuck: DrawProduct = (sketch, look) => {
  surface(
    sketch,
    smooth([
      [170, 560],
      [130, 470],
      [230, 540],
      [400, 560],
      [560, 520],
      [720, 540],
      [830, 640],
      [800, 780],
      [620, 860],
      [360, 860],
      [210, 760],
    ]),
    { fill: sphere(sketch, look.main), edge: 80, depth: 0.5, outline: look.main },
  );
  surface(sketch, oval(620, 380, 196, 186), {
    fill: sphere(sketch, look.main),
    edge: 70,
    depth: 0.45,
    outline: look.main,
  });
  surface(
    sketch,
    smooth([
      [300, 620],
      [440, 600],
      [560, 660],
      [520, 750],
      [400, 770],
      [300, 720],
    ]),
    { fill: sphere(sketch, shade(look.main, -0.04)), edge: 40, depth: 0.5, outline: look.main },
  );
  surface(
    sketch,
    smooth([
      [760, 380],
      [850, 370],
      [920, 410],
      [860, 446],
      [770, 450],
    ]),
    { fill: look.second, edge: 26, depth: 0.5, outline: look.second },
  );
  line(sketch, 'M778,416 Q850,420 910,408', shade(look.second, -0.4), 6);
  stud(sketch, 664, 336, { radius: 30, fill: '#1f1a17' });
  if (look.form === 1)
    surface(
      sketch,
      'M470,260 C500,170 600,120 700,160 C760,180 770,240 760,262 C680,220 560,220 470,260 Z',
      { fill: look.accent, edge: 30, outline: look.accent },
    );
  sketch.add(
    '<ellipse cx="540" cy="290" rx="46" ry="26" fill="#fff" fill-opacity=".6" transform="rotate(-36 540 290)"/>',
  );
};

/** Rings on a peg. */
export const drawRings: DrawProduct = (sketch, look) => {
  surface(sketch, roundedBox(470, 130, 60, 700, 30), {
    fill: cylinder(sketch, '#d9a86a'),
    edge: 10,
  });
  const colours = ['#e2574c', '#f2913d', '#f6cf45', '#5fae5b', look.main, look.second];
  for (const [at, colour] of colours.entries()) {
    const radius = 136 + at * 34;
    surface(sketch, roundedBox(500 - radius, 236 + at * 98, radius * 2, 104, 52), {
      fill: linear(sketch, 90, [
        [0, shade(colour, 0.35)],
        [0.4, colour],
        [1, shade(colour, -0.4)],
      ]),
      edge: 34,
      depth: 0.45,
      outline: colour,
    });
  }
  surface(sketch, oval(500, 150, 66), {
    fill: sphere(sketch, look.accent),
    edge: 24,
    outline: look.accent,
  });
  surface(sketch, roundedBox(190, 824, 620, 70, 34), {
    fill: '#d9a86a',
    edge: 26,
    outline: '#d9a86a',
  });
};
