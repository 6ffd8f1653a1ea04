import type { DrawProduct } from '../drawing/look.ts';
import { linear, metal, radial, shade, sphere } from '../drawing/paint.ts';
import { oval, roundedBox, smooth } from '../drawing/path.ts';
import { drawBlocks } from '../drawing/solid.ts';
import type { DrawFace } from '../drawing/solid.ts';
import { cord, line, stud, surface } from '../drawing/surface.ts';
import { LEATHER, drawWeave } from '../drawing/texture.ts';

/** Over-ear headphones. */
export const drawHeadphones: DrawProduct = (sketch, look) => {
  line(
    sketch,
    'M250,560 C220,260 360,140 500,140 C640,140 780,260 750,560',
    shade(look.main, -0.5),
    62,
  );
  line(sketch, 'M250,560 C220,260 360,140 500,140 C640,140 780,260 750,560', look.main, 46);
  sketch.add(
    `<path d="M246,520 C226,260 360,152 500,150" fill="none" stroke="#fff" stroke-opacity=".4" stroke-width="9"/>`,
  );
  line(sketch, 'M350,206 C440,150 560,150 650,206', look.second, 44);
  for (const mirror of ['', 'transform="matrix(-1 0 0 1 1000 0)"']) {
    sketch.group(mirror, () => {
      surface(sketch, roundedBox(236, 430, 34, 110, 12), {
        fill: metal(sketch, look.accent),
        edge: 8,
      });
      surface(sketch, roundedBox(290, 500, 106, 330, 52), {
        fill: look.second,
        relief: LEATHER,
        edge: 40,
        depth: 0.5,
        outline: look.second,
      });
      surface(
        sketch,
        smooth([
          [306, 500],
          [240, 490],
          [186, 560],
          [176, 664],
          [190, 770],
          [246, 840],
          [310, 830],
        ]),
        { fill: sphere(sketch, look.main, 0.4), edge: 50, depth: 0.5, outline: look.main },
      );
      surface(sketch, oval(234, 664, 34, 96), { fill: metal(sketch, look.accent, 60), edge: 12 });
    });
  }
};

/** A loudspeaker: a covered cylinder (form 0) or a box with two cones (form 1). */
export const drawSpeaker: DrawProduct = (sketch, look, pose) => {
  if (look.form === 1) {
    const front: DrawFace = (w, h) =>
      [
        [0.28, 0.16],
        [0.68, 0.27],
      ]
        .map(
          ([y = 0, r = 0]) =>
            `<circle cx="${w / 2}" cy="${h * y}" r="${w * r * 1.24}" fill="${metal(sketch, '#9a9ea5', 45)}"/><circle cx="${w / 2}" cy="${h * y}" r="${w * r * 1.1}" fill="#17181b"/><circle cx="${w / 2}" cy="${h * y}" r="${w * r * 0.86}" fill="${radial(
              sketch,
              [
                [0, look.second],
                [0.7, shade(look.second, -0.3)],
                [1, shade(look.second, -0.65)],
              ],
            )}"/><circle cx="${w / 2}" cy="${h * y}" r="${w * r * 0.34}" fill="${sphere(sketch, '#33353a')}"/>`,
        )
        .join('');
    drawBlocks(
      sketch,
      [{ at: [0, 0, 0], size: [420, 720, 300], fill: look.main, front, round: 12 }],
      pose,
      [500, 520],
    );
    return;
  }
  surface(sketch, roundedBox(290, 180, 420, 700, 150), {
    fill: linear(sketch, 0, [
      [0, shade(look.main, -0.4)],
      [0.3, shade(look.main, 0.2)],
      [0.6, look.main],
      [1, shade(look.main, -0.5)],
    ]),
    layers: [drawWeave(sketch, 'canvas')],
    edge: 40,
    outline: look.main,
  });
  surface(sketch, oval(500, 232, 176, 58), { fill: '#1b1d22', edge: 16 });
  sketch.add(
    `<ellipse cx="500" cy="232" rx="120" ry="38" fill="none" stroke="${look.accent}" stroke-width="12"/>`,
  );
  surface(sketch, 'M290,780 Q500,850 710,780 V812 Q500,884 290,812 Z', {
    fill: look.second,
    edge: 12,
  });
};

/** A game controller. */
export const drawController: DrawProduct = (sketch, look) => {
  surface(
    sketch,
    'M310,330 H690 C800,330 850,400 890,600 C910,720 880,780 820,780 C750,780 720,690 660,630 H340 C280,690 250,780 180,780 C120,780 90,720 110,600 C150,400 200,330 310,330 Z',
    {
      fill: linear(sketch, 90, [
        [0, shade(look.main, 0.25)],
        [0.5, look.main],
        [1, shade(look.main, -0.3)],
      ]),
      edge: 80,
      depth: 0.45,
      outline: look.main,
    },
  );
  for (const [x, y] of [
    [400, 580],
    [600, 580],
  ] as const) {
    surface(sketch, oval(x, y, 70), {
      fill: shade(look.second, -0.3),
      edge: 18,
      outline: look.second,
    });
    surface(sketch, oval(x, y - 6, 48), { fill: sphere(sketch, look.second, 0.3), edge: 16 });
  }
  surface(sketch, 'M262,400 h44 v48 h48 v44 h-48 v48 h-44 v-48 h-48 v-44 h48 Z', {
    fill: look.second,
    edge: 14,
    outline: look.second,
  });
  for (const [x, y, colour] of [
    [716, 400, '#f2c14e'],
    [770, 454, '#e2574c'],
    [716, 508, '#58b368'],
    [662, 454, look.accent],
  ] as const)
    stud(sketch, x, y, { radius: 28, fill: colour });
  surface(sketch, roundedBox(410, 370, 180, 110, 18), { fill: '#14161a', edge: 12 });
  cord(sketch, 'M440,425 H560', look.accent, 10);
};
