import type { DrawProduct } from '../drawing/look.ts';
import { metal, shade } from '../drawing/paint.ts';
import { roundedBox, symmetric } from '../drawing/path.ts';
import { cord, line, stitches, stud, surface } from '../drawing/surface.ts';
import { LEATHER, drawWeave } from '../drawing/texture.ts';
import { clothOf } from './cloth.ts';

const MIRROR = 'transform="matrix(-1 0 0 1 1000 0)"';

/** A shopper of cloth with long handles; form 1 has a big sun on it. */
export const drawTote: DrawProduct = (sketch, look) => {
  cord(
    sketch,
    'M360,420 C350,180 400,90 500,90 C600,90 650,180 640,420',
    shade(look.second, -0.25),
    32,
  );
  surface(
    sketch,
    symmetric(
      500,
      [0, 330],
      [
        [278, 330],
        [262, 520, 250, 700, 256, 900],
        [120, 916, 60, 916, 0, 916],
      ],
    ),
    {
      ...clothOf(sketch, { ...look, weave: look.weave ?? 'canvas' }),
      folds: [
        'M320,420 C340,600 320,740 300,880',
        'M690,460 C660,640 690,760 680,880',
        'M420,860 C480,880 560,884 620,866',
      ],
      edge: 54,
    },
  );
  stitches(sketch, 'M232,362 H768', shade(look.main, -0.4));
  if (look.form === 1) {
    sketch.add(`<circle cx="500" cy="610" r="112" fill="${look.second}"/>`);
    for (let angle = 0; angle < 360; angle += 30) {
      sketch.add(
        `<rect x="490" y="450" width="20" height="34" rx="10" fill="${look.accent}" transform="rotate(${angle} 500 610)"/>`,
      );
    }
  }
  cord(sketch, 'M372,460 C362,200 410,120 500,120 C590,120 638,200 628,460', look.second, 34);
  for (const x of [372, 628])
    stitches(
      sketch,
      `M${x - 14},380 h28 v74 h-28 Z M${x - 14},380 l28,74`,
      shade(look.second, -0.4),
    );
};

/** A handbag of leather: with a flap (form 0), with a frame and two rings (form 1). */
export const drawHandbag: DrawProduct = (sketch, look) => {
  const flapped = (look.form ?? 0) === 0;
  const leather = { fill: look.main, relief: LEATHER, depth: 0.5, outline: look.main };
  cord(sketch, 'M340,420 C340,200 400,130 500,130 C600,130 660,200 660,420', look.main, 36);
  surface(
    sketch,
    symmetric(
      500,
      [0, 390],
      [
        [230, 390],
        [270, 400, 290, 440, 300, 520],
        [318, 640, 326, 740, 320, 826],
        [300, 866, 200, 872, 0, 872],
      ],
    ),
    { ...leather, edge: 70 },
  );
  if (flapped) {
    surface(
      sketch,
      symmetric(
        500,
        [0, 384],
        [
          [236, 384],
          [270, 394, 286, 430, 294, 500],
          [290, 580, 250, 640, 150, 656],
          [80, 664, 40, 664, 0, 664],
        ],
      ),
      { ...leather, edge: 40 },
    );
    stitches(
      sketch,
      'M220,500 C226,580 260,626 352,640 C440,650 560,650 648,640 C740,626 774,580 780,500',
      shade(look.main, 0.45),
    );
    surface(sketch, roundedBox(452, 600, 96, 110, 16), { ...leather, edge: 18 });
    surface(sketch, roundedBox(466, 628, 68, 54, 12), {
      fill: metal(sketch, '#d8b35c'),
      edge: 10,
      outline: '#8a6a22',
    });
  } else {
    surface(sketch, 'M262,396 H738 L748,452 H252 Z', {
      fill: metal(sketch, '#d8b35c', 90),
      edge: 16,
      outline: '#8a6a22',
    });
    stud(sketch, 500, 396, { radius: 24, fill: '#d8b35c' });
    line(sketch, 'M500,460 V866', shade(look.main, -0.4), 4);
    stitches(
      sketch,
      'M226,520 C220,700 210,780 214,830 M774,520 C780,700 790,780 786,830',
      shade(look.main, 0.45),
    );
  }
  for (const x of [342, 658])
    sketch.add(
      `<circle cx="${x}" cy="420" r="26" fill="none" stroke="${metal(sketch, '#d8b35c')}" stroke-width="13"/>`,
    );
};

/** A small quilted bag on a chain. */
export const drawQuiltedBag: DrawProduct = (sketch, look) => {
  const chain = 'M262,500 C240,240 360,120 500,120 C640,120 760,240 738,500';
  line(sketch, chain, '#6d541d', 24);
  sketch.add(
    `<path d="${chain}" fill="none" stroke="#e2c06a" stroke-width="17" stroke-dasharray="22 9" stroke-linecap="round"/>`,
  );
  sketch.add(`<path d="${chain}" fill="none" stroke="${look.main}" stroke-width="6"/>`);
  const quilt = {
    fill: look.main,
    layers: [drawWeave(sketch, 'quilt')],
    relief: LEATHER,
    depth: 0.5,
    outline: look.main,
  };
  surface(sketch, roundedBox(206, 450, 588, 400, 56), { ...quilt, edge: 66 });
  surface(
    sketch,
    symmetric(
      500,
      [0, 440],
      [
        [230, 440],
        [290, 446, 296, 490, 294, 540],
        [286, 650, 180, 690, 0, 694],
      ],
    ),
    { ...quilt, edge: 38 },
  );
  surface(sketch, roundedBox(446, 628, 108, 84, 18), {
    fill: metal(sketch, '#e2c06a'),
    edge: 14,
    outline: '#8a6a22',
  });
  sketch.add(
    `<path d="M472,690 V652 H528 V690" fill="none" stroke="${look.accent}" stroke-width="11"/>`,
  );
};

/** A backpack with pockets. */
export const drawBackpack: DrawProduct = (sketch, look) => {
  cord(sketch, 'M420,190 C420,80 580,80 580,190', shade(look.second, -0.2), 32);
  const cloth = clothOf(sketch, { ...look, weave: look.weave ?? 'canvas' });
  for (const mirror of ['', MIRROR]) {
    sketch.group(mirror, () => {
      surface(sketch, 'M262,560 C206,570 186,620 192,820 C220,860 250,868 290,868 V560 Z', {
        ...cloth,
        fill: shade(look.main, -0.12),
        edge: 36,
      });
      cord(sketch, 'M300,240 C206,300 190,420 214,560', look.second, 32);
    });
  }
  surface(
    sketch,
    symmetric(
      500,
      [0, 150],
      [
        [120, 150, 232, 190, 246, 330],
        [258, 520, 262, 700, 250, 850],
        [220, 896, 100, 898, 0, 898],
      ],
    ),
    { ...cloth, edge: 80, depth: 0.5 },
  );
  const zip = 'M276,470 C270,280 340,216 500,216 C660,216 730,280 724,470';
  line(sketch, zip, shade(look.main, -0.5), 14);
  sketch.add(
    `<path d="${zip}" fill="none" stroke="#c9c7bf" stroke-width="5" stroke-dasharray="5 5"/>`,
  );
  surface(
    sketch,
    symmetric(
      500,
      [0, 540],
      [
        [160, 540],
        [206, 548, 214, 590, 214, 640],
        [222, 720, 222, 790, 210, 836],
        [160, 860, 80, 862, 0, 862],
      ],
    ),
    { ...cloth, edge: 46 },
  );
  surface(
    sketch,
    symmetric(
      500,
      [0, 536],
      [
        [164, 536],
        [208, 544, 216, 580, 216, 624],
        [120, 660, 60, 664, 0, 664],
      ],
    ),
    { ...cloth, fill: look.second, edge: 28, outline: look.second },
  );
  stitches(sketch, 'M292,610 C380,646 620,646 708,610', shade(look.second, -0.45));
  surface(sketch, roundedBox(474, 620, 52, 92, 10), {
    fill: look.accent,
    relief: LEATHER,
    edge: 12,
    outline: look.accent,
  });
  stud(sketch, 500, 688, { radius: 12, fill: '#d8b35c' });
  surface(sketch, roundedBox(430, 336, 140, 84, 12), {
    fill: look.accent,
    relief: LEATHER,
    edge: 14,
    outline: look.accent,
  });
  sketch.add(
    `<path d="M458,396 l28,-38 l20,22 l14,-14 l24,30 Z" fill="${shade(look.accent, 0.6)}"/>`,
  );
};
