import type { DrawProduct, Look } from '../drawing/look.ts';
import { cylinder, linear, shade } from '../drawing/paint.ts';
import { oval, roundedBox, smooth } from '../drawing/path.ts';
import type { Point } from '../drawing/path.ts';
import { drawBlocks } from '../drawing/solid.ts';
import { surface } from '../drawing/surface.ts';
import { drawPrint, drawWeave } from '../drawing/texture.ts';

function crimp(y: number, from: number, to: number): Point[] {
  const points: Point[] = [];
  for (let x = from; from < to ? x <= to : x >= to; x += from < to ? 20 : -20) {
    points.push([x, y + (Math.round(x / 20) % 2 === 0 ? 9 : -9)]);
  }
  return points;
}

/** A pillow bag of crisps. */
export const drawChips: DrawProduct = (sketch, look) => {
  const top = crimp(130, 250, 750)
    .map((point) => point.join(','))
    .join(' L');
  const bottom = crimp(890, 750, 250)
    .map((point) => point.join(','))
    .join(' L');
  const bag = `M${top} C778,300 790,600 760,880 L${bottom} C212,640 222,320 250,130 Z`;
  surface(sketch, bag, {
    fill: linear(sketch, 8, [
      [0, shade(look.main, -0.3)],
      [0.22, shade(look.main, 0.3)],
      [0.4, look.main],
      [0.66, shade(look.main, 0.12)],
      [1, shade(look.main, -0.4)],
    ]),
    relief: { frequency: [0.008, 0.006], height: 24, octaves: 2 },
    folds: [
      'M270,190 C330,250 360,280 380,340',
      'M730,190 C680,250 650,280 640,330',
      'M280,840 C330,790 350,760 360,720',
      'M720,840 C670,790 650,760 640,720',
    ],
    edge: 90,
    depth: 0.55,
  });
  const band = smooth([
    [236, 330],
    [500, 290],
    [766, 330],
    [770, 470],
    [500, 440],
    [232, 470],
  ]);
  sketch.add(
    `<path d="${band}" fill="${look.second}" opacity=".95"/>`,
    `<rect x="330" y="360" width="340" height="36" rx="18" fill="${look.main}"/>`,
    `<rect x="400" y="412" width="200" height="14" rx="7" fill="${look.main}" opacity=".7"/>`,
  );
  for (const [x, y, turn] of [
    [400, 640, -20],
    [560, 600, 24],
    [500, 720, 4],
    [640, 700, -36],
  ] as const) {
    sketch.group(`transform="rotate(${turn} ${x} ${y})"`, () => {
      surface(
        sketch,
        look.form === 1
          ? `M${x},${y - 90} L${x + 92},${y + 70} L${x - 92},${y + 70} Z`
          : oval(x, y, 104, 72),
        {
          fill: look.accent,
          relief: { frequency: [0.05, 0.05], height: 3 },
          edge: 30,
          depth: 0.5,
          outline: look.accent,
        },
      );
    });
  }
  for (const y of [130, 152, 868, 890])
    sketch.add(`<path d="M246,${y} H756" stroke="#000" stroke-opacity=".2" stroke-width="3"/>`);
};

function boxFront(look: Look): (width: number, height: number) => string {
  return (width, height) =>
    `<path d="M0,${height * 0.34} C${width * 0.3},${height * 0.2} ${width * 0.6},${height * 0.5} ${width},${height * 0.3} V${height} H0 Z" fill="${look.second}"/>` +
    `<rect x="${width * 0.12}" y="${height * 0.08}" width="${width * 0.76}" height="${height * 0.1}" rx="20" fill="#fff"/>` +
    `<rect x="${width * 0.24}" y="${height * 0.205}" width="${width * 0.52}" height="${height * 0.035}" rx="8" fill="#fff" opacity=".75"/>` +
    [
      [0.34, 0.56],
      [0.66, 0.6],
      [0.46, 0.78],
      [0.78, 0.82],
    ]
      .map(([x = 0, y = 0]) => {
        const [cx, cy, r] = [x * width, y * height, width * 0.17];
        const chips = [
          [-0.4, -0.3],
          [0.3, -0.45],
          [0.1, 0.1],
          [-0.35, 0.4],
          [0.5, 0.3],
        ]
          .map(
            ([dx = 0, dy = 0]) =>
              `<circle cx="${cx + dx * r}" cy="${cy + dy * r}" r="${r * 0.14}" fill="${shade(look.accent, -0.6)}"/>`,
          )
          .join('');
        return look.form === 1
          ? `<ellipse cx="${cx}" cy="${cy}" rx="${r}" ry="${r * 0.9}" fill="none" stroke="${look.accent}" stroke-width="${r * 0.6}"/>`
          : `<circle cx="${cx + 5}" cy="${cy + 8}" r="${r}" fill="#000" opacity=".25"/><circle cx="${cx}" cy="${cy}" r="${r}" fill="${look.accent}"/><circle cx="${cx - r * 0.1}" cy="${cy - r * 0.1}" r="${r * 0.8}" fill="${shade(look.accent, 0.16)}"/>${chips}`;
      })
      .join('');
}

/** A box of biscuits (form 0) or of cereal rings (form 1, taller). */
export const drawSnackBox: DrawProduct = (sketch, look, pose) => {
  const [width, height, depth] = look.form === 1 ? [440, 640, 170] : [520, 460, 220];
  const stripes = drawPrint(sketch, look.print ?? 'dots', look.second, look.accent);
  drawBlocks(
    sketch,
    [
      {
        at: [0, 0, 0],
        size: [width, height, depth],
        fill: look.main,
        front: boxFront(look),
        sides: (w, h) =>
          `<rect width="${w}" height="${h}" fill="${stripes}"/><rect x="${w * 0.14}" y="${h * 0.36}" width="${w * 0.72}" height="${h * 0.44}" fill="#fff" opacity=".85"/>`,
        top: (w, h) =>
          `<rect y="${h * 0.46}" width="${w}" height="${h * 0.08}" fill="#000" opacity=".2"/>`,
        round: 4,
      },
    ],
    pose,
    [500, 520],
  );
};

/** A bar of chocolate, half unwrapped. */
export const drawChocolate: DrawProduct = (sketch, look) => {
  surface(sketch, roundedBox(300, 110, 400, 440, 12), {
    fill: look.accent,
    edge: 26,
    outline: look.accent,
  });
  for (let row = 0; row < 4; row += 1) {
    for (let column = 0; column < 4; column += 1) {
      surface(sketch, roundedBox(310 + column * 96, 120 + row * 104, 90, 98, 10), {
        fill: shade(look.accent, 0.06),
        edge: 24,
        depth: 0.7,
      });
    }
  }
  surface(
    sketch,
    'M286,500 L330,470 L372,506 L420,462 L474,502 L520,458 L572,500 L620,464 L668,506 L714,480 L718,640 H282 Z',
    {
      fill: linear(sketch, 24, [
        [0, '#8f949b'],
        [0.3, '#f4f6f8'],
        [0.5, '#b4b9c0'],
        [0.75, '#ffffff'],
        [1, '#8b9098'],
      ]),
      relief: { frequency: [0.04, 0.03], height: 8 },
      edge: 14,
    },
  );
  surface(sketch, roundedBox(278, 560, 444, 360, 10), {
    fill: look.main,
    edge: 40,
    layers:
      look.print === undefined
        ? []
        : [drawPrint(sketch, look.print, look.second, shade(look.main, -0.2))],
    outline: look.main,
  });
  sketch.add(
    `<rect x="330" y="650" width="340" height="150" fill="${look.second}"/><rect x="366" y="684" width="268" height="34" rx="6" fill="${look.main}"/><rect x="420" y="740" width="160" height="16" rx="8" fill="${look.main}" opacity=".7"/>`,
  );
};

/** A jar of sweets (form 0) or of jam (form 1). */
export const drawJar: DrawProduct = (sketch, look) => {
  const glass = roundedBox(270, 270, 460, 620, 90);
  const clip = sketch.define(
    (id) => `<clipPath id="${id}"><path d="${roundedBox(288, 300, 424, 574, 76)}"/></clipPath>`,
  );
  surface(sketch, glass, { fill: '#e6eef088', depth: 0.25, edge: 26, outline: '#8899a0' });
  sketch.group(`clip-path="${clip}"`, () => {
    if (look.form === 1) {
      sketch.add(
        `<rect x="270" y="340" width="460" height="560" fill="${cylinder(sketch, look.main, 0.3)}"/>`,
      );
      return;
    }
    for (let y = 870; y > 370; y -= 46) {
      for (let x = 300; x < 720; x += 52) {
        const colour = sketch.random.pick([
          look.main,
          look.second,
          look.accent,
          '#f4d35e',
          '#ffffff',
        ]);
        surface(
          sketch,
          oval(x + sketch.random.between(-14, 14), y + sketch.random.between(-14, 14), 34),
          { fill: colour, edge: 20, depth: 0.6 },
        );
      }
    }
  });
  if (look.form === 1) {
    surface(sketch, 'M270,520 Q500,560 730,520 V740 Q500,780 270,740 Z', {
      fill: '#fbf4e4',
      edge: 40,
    });
    for (const [x, y] of [
      [440, 650],
      [520, 630],
      [574, 676],
    ] as const)
      surface(sketch, oval(x, y, 44), { fill: look.main, edge: 22, depth: 0.6 });
    sketch.add(
      '<path d="M440,606 q30,-60 80,-20 q40,-50 60,46" stroke="#4f8a3c" stroke-width="10" fill="none"/>',
    );
  }
  sketch.add(
    '<rect x="306" y="340" width="26" height="470" rx="13" fill="#fff" fill-opacity=".6"/><rect x="348" y="360" width="9" height="380" rx="4" fill="#fff" fill-opacity=".4"/>',
  );
  surface(sketch, roundedBox(290, 150, 420, 130, 26), {
    fill: cylinder(sketch, look.second, 0.4),
    layers:
      look.form === 1
        ? [drawPrint(sketch, 'gingham', '#ffffff', '#ffffff')]
        : [drawWeave(sketch, 'rib')],
    edge: 26,
    outline: look.second,
  });
};
