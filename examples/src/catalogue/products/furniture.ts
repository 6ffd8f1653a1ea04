import { woodFace } from './faces.ts';
import type { DrawProduct } from '../drawing/look.ts';
import { cylinder, metal, radial, shade } from '../drawing/paint.ts';
import { oval, roundedBox, symmetric } from '../drawing/path.ts';
import type { Sketch } from '../drawing/sketch.ts';
import { drawBlocks } from '../drawing/solid.ts';
import type { Block, DrawFace, Pose } from '../drawing/solid.ts';
import { cord, line, surface } from '../drawing/surface.ts';
import { drawPrint, drawWeave } from '../drawing/texture.ts';

/** Width, height and depth of the forms of a table. */
const TABLE_SIZES = [
  [760, 400, 360],
  [720, 220, 400],
  [740, 400, 320],
] as const;

/** A table: dining (form 0), low with a shelf (form 1), desk with drawers (form 2). */
export const drawTable: DrawProduct = (sketch, look, pose) => {
  const wood = woodFace(sketch);
  const art = { front: wood, sides: wood, top: wood, round: 5 };
  const [width, height, depth] = TABLE_SIZES[look.form ?? 0] ?? TABLE_SIZES[0];
  const at = [500, 480] as const;
  const legs: Block[] = [-1, 1].flatMap((side) =>
    [-1, 1].map((near): Block => ({
      at: [side * (width / 2 - 40), height / 2, near * (depth / 2 - 36)],
      size: [34, height, 34],
      fill: look.second,
      ...art,
    })),
  );
  drawBlocks(sketch, legs, pose, at);
  if (look.form === 1)
    drawBlocks(
      sketch,
      [{ at: [0, height - 66, 0], size: [width - 90, 22, depth - 80], fill: look.main, ...art }],
      pose,
      at,
    );
  if (look.form === 2) {
    const drawers: DrawFace = (w, h) =>
      wood(w, h) +
      [0.02, 0.35, 0.68]
        .map(
          (y) =>
            `<rect x="8" y="${h * y + 6}" width="${w - 16}" height="${h * 0.3 - 8}" fill="none" stroke="#000" stroke-opacity=".45" stroke-width="4"/><circle cx="${w / 2}" cy="${h * (y + 0.15)}" r="9" fill="${look.accent}"/>`,
        )
        .join('');
    drawBlocks(
      sketch,
      [
        {
          at: [width / 2 - 120, 160, 20],
          size: [180, 280, depth - 60],
          fill: look.main,
          ...art,
          front: drawers,
        },
      ],
      pose,
      at,
    );
  }
  drawBlocks(
    sketch,
    [{ at: [0, -2, 0], size: [width, 34, depth], fill: look.main, ...art }],
    pose,
    at,
  );
};

/** An open shelf with books and a vase. */
export const drawShelf: DrawProduct = (sketch, look, pose) => {
  const wood = woodFace(sketch);
  const at = [500, 500] as const;
  const art = { front: wood, sides: wood, top: wood, round: 3 };
  drawBlocks(
    sketch,
    [{ at: [0, 0, -90], size: [500, 800, 12], fill: shade(look.main, -0.3), front: wood }],
    pose,
    at,
  );
  drawBlocks(
    sketch,
    [{ at: [-250, 0, 0], size: [24, 820, 190], fill: look.main, ...art }],
    pose,
    at,
  );
  for (let row = 0; row < 5; row += 1) {
    const y = 396 - row * 198;
    drawBlocks(
      sketch,
      [{ at: [0, y, 0], size: [500, 24, 190], fill: look.main, ...art }],
      pose,
      at,
    );
    if (row === 4) continue;
    const books: Block[] = [];
    for (let x = -220; x < (row % 2 === 0 ? 60 : 190);) {
      const wide = sketch.random.between(18, 42);
      const high = sketch.random.between(96, 150);
      books.push({
        at: [x + wide / 2, y - 12 - high / 2, 10],
        size: [wide, high, 120],
        fill: sketch.random.pick([
          look.second,
          look.accent,
          '#e9dfc8',
          '#394a59',
          '#b3543f',
          '#7c8f6b',
        ]),
        front: (w, h) => `<rect y="${h * 0.16}" width="${w}" height="8" fill="#fff" opacity=".6"/>`,
      });
      x += wide + 2;
    }
    drawBlocks(sketch, books, pose, at);
    if (row % 2 === 0)
      drawBlocks(
        sketch,
        [{ at: [140, y - 72, 10], size: [90, 120, 90], fill: look.accent, round: 40 }],
        pose,
        at,
      );
  }
  drawBlocks(
    sketch,
    [{ at: [250, 0, 0], size: [24, 820, 190], fill: look.main, ...art }],
    pose,
    at,
  );
};

function drawGlow(sketch: Sketch, x: number, y: number, radius: number): void {
  const glow = radial(
    sketch,
    [
      [0, '#fff2c4cc'],
      [0.5, '#ffe6a055'],
      [1, '#ffe6a000'],
    ],
    [0.5, 0.5, 0.5],
  );
  sketch.add(`<circle cx="${x}" cy="${y}" r="${radius}" fill="${glow}"/>`);
}

/** A lamp: for the floor on three legs (form 0), for the table (form 1), an arm for the desk (form 2). */
export const drawLamp: DrawProduct = (sketch, look, pose: Pose) => {
  const lean = pose.yaw * 0.4;
  if (look.form === 2) {
    surface(sketch, oval(420, 880, 170, 36), {
      fill: metal(sketch, look.main),
      edge: 20,
      outline: look.main,
    });
    cord(sketch, `M420,870 L${340 - lean},560 L560,330`, look.main, 24);
    for (const [x, y] of [
      [340 - lean, 560],
      [560, 330],
    ] as const)
      surface(sketch, oval(x, y, 26), { fill: look.second, edge: 12 });
    surface(
      sketch,
      'M540,290 C600,240 680,250 720,300 L800,480 L560,520 C520,440 500,340 540,290 Z',
      { fill: cylinder(sketch, look.main, 0.4), edge: 40, outline: look.main },
    );
    drawGlow(sketch, 684, 520, 130);
    surface(sketch, 'M560,520 C600,560 760,540 800,480 C740,470 620,490 560,520 Z', {
      fill: '#fff3c9',
      depth: 0,
    });
    return;
  }
  const floor = look.form !== 1;
  const top = floor ? 110 : 160;
  if (floor) {
    for (const x of [320 + lean, 500, 680 + lean])
      cord(sketch, `M500,360 L${x},${x === 500 ? 880 : 920}`, look.second, 24);
  } else {
    surface(
      sketch,
      symmetric(
        500,
        [0, 480],
        [
          [34, 480],
          [40, 540, 150, 600, 150, 720],
          [150, 820, 100, 850, 90, 880],
          [60, 884, 30, 884, 0, 884],
        ],
      ),
      {
        fill: radial(
          sketch,
          [
            [0, shade(look.second, 0.5)],
            [0.5, look.second],
            [1, shade(look.second, -0.45)],
          ],
          [0.34, 0.3, 0.8],
        ),
        edge: 40,
        outline: look.second,
        ...(look.print === undefined
          ? {}
          : { layers: [drawPrint(sketch, look.print, look.accent, look.accent)] }),
      },
    );
    surface(sketch, roundedBox(400, 872, 200, 26, 10), { fill: metal(sketch, '#c79f52'), edge: 8 });
  }
  const bottom = floor ? 390 : 490;
  drawGlow(sketch, 500, (top + bottom) / 2, 330);
  surface(
    sketch,
    symmetric(
      500,
      [0, top],
      [
        [120, top],
        [216, bottom],
        [120, bottom + 18, 60, bottom + 22, 0, bottom + 22],
      ],
    ),
    {
      fill: cylinder(sketch, look.main, 0.65),
      layers: [
        drawWeave(sketch, 'canvas'),
        radial(
          sketch,
          [
            [0, '#fff6d8e0'],
            [0.6, '#ffe9ae70'],
            [1, '#ffe9ae00'],
          ],
          [0.5, 0.6, 0.55],
        ),
      ],
      edge: 24,
      outline: look.main,
    },
  );
  line(sketch, `M380,${top} H620 M284,${bottom} Q500,${bottom + 40} 716,${bottom}`, look.accent, 9);
};
