import type { DrawProduct } from '../drawing/look.ts';
import { shade } from '../drawing/paint.ts';
import { drawBlocks } from '../drawing/solid.ts';
import type { Block } from '../drawing/solid.ts';
import { clothFace, woodFace } from './faces.ts';

/** A sofa of `form` seats, 1 to 3, on wooden legs. */
export const drawSofa: DrawProduct = (sketch, look, pose) => {
  const seats = look.form ?? 3;
  const width = 180 + seats * 190;
  const art = clothFace(sketch, look);
  const padded = { fill: look.main, front: art, sides: art, top: art, round: 40 };
  const back: Block[] = [];
  const front: Block[] = [];
  for (let seat = 0; seat < seats; seat += 1) {
    const x = (seat - (seats - 1) / 2) * 192;
    back.push({ ...padded, at: [x, -130, -60], size: [186, 210, 70] });
    front.push({ ...padded, at: [x, -6, 40], size: [186, 84, 220], fill: shade(look.main, 0.06) });
  }
  const legs: Block[] = [-1, 1].flatMap((side) =>
    [-90, 120].map((z): Block => ({
      at: [side * (width / 2 - 40), 158, z],
      size: [22, 70, 22],
      fill: '#7a4f2c',
      round: 6,
    })),
  );
  const at = [500, 540] as const;
  drawBlocks(sketch, legs, pose, at);
  drawBlocks(
    sketch,
    [{ ...padded, at: [0, -60, -130], size: [width, 320, 70], fill: shade(look.main, -0.06) }],
    pose,
    at,
  );
  drawBlocks(
    sketch,
    [{ ...padded, at: [0, 80, 20], size: [width - 60, 90, 300], fill: shade(look.main, -0.08) }],
    pose,
    at,
  );
  drawBlocks(sketch, back, pose, at);
  drawBlocks(sketch, front, pose, at);
  drawBlocks(
    sketch,
    [-1, 1].map((side): Block => ({
      ...padded,
      at: [side * (width / 2 - 36), 20, 20],
      size: [72, 210, 310],
    })),
    pose,
    at,
  );
  if (seats > 1) {
    const cushion = clothFace(sketch, {
      ...look,
      print: look.print === undefined ? 'zigzag' : 'dots',
      second: look.accent,
      accent: '#ffffff',
    });
    drawBlocks(
      sketch,
      [
        {
          at: [-width / 2 + 170, -110, 30],
          size: [140, 130, 44],
          fill: look.second,
          front: cushion,
          round: 44,
        },
      ],
      { yaw: pose.yaw - 16, pitch: pose.pitch + 12 },
      at,
    );
  }
};

/** A chair: slatted back (form 0), round shell (form 1), stool (form 2). */
export const drawChair: DrawProduct = (sketch, look, pose) => {
  const wood = woodFace(sketch);
  const art = { front: wood, sides: wood, top: wood, round: 8 };
  const leg = (x: number, z: number, height: number, y: number): Block => ({
    at: [x, y, z],
    size: [30, height, 30],
    fill: look.second,
    ...art,
  });
  const at = [500, 520] as const;
  const seat = clothFace(sketch, look);
  const legs = [
    leg(-140, -130, 330, 240),
    leg(140, -130, 330, 240),
    leg(-140, 130, 330, 240),
    leg(140, 130, 330, 240),
  ];
  drawBlocks(sketch, legs, pose, at);
  drawBlocks(
    sketch,
    [{ at: [0, 250, 130], size: [260, 18, 18], fill: look.second, ...art }],
    pose,
    at,
  );
  if (look.form === 2) {
    drawBlocks(
      sketch,
      [
        {
          at: [0, 60, 0],
          size: [350, 56, 330],
          fill: look.main,
          front: seat,
          sides: seat,
          top: seat,
          round: 50,
        },
      ],
      pose,
      at,
    );
    return;
  }
  const posts: Block[] = [-140, 140].map((x) => ({
    at: [x, -140, -136],
    size: [28, 440, 26],
    fill: look.second,
    ...art,
  }));
  const rails: Block[] =
    look.form === 1
      ? [{ at: [0, -220, -130], size: [330, 250, 46], fill: look.main, front: seat, round: 60 }]
      : [-320, -230, -140].map((y): Block => ({
          at: [0, y, -132],
          size: [270, 46, 18],
          fill: look.second,
          ...art,
        }));
  drawBlocks(sketch, [...posts, ...rails], pose, at);
  drawBlocks(
    sketch,
    [
      {
        at: [0, 64, 0],
        size: [330, 50, 310],
        fill: look.main,
        front: seat,
        sides: seat,
        top: seat,
        round: 30,
      },
    ],
    pose,
    at,
  );
};
