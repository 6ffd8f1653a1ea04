import type { DrawProduct } from '../drawing/look.ts';
import { clear, linear, metal, radial, shade } from '../drawing/paint.ts';
import { oval, roundedBox } from '../drawing/path.ts';
import { cord, line, stitches, stud, surface } from '../drawing/surface.ts';
import { LEATHER, drawPrint, drawWeave } from '../drawing/texture.ts';
import { clothOf } from './cloth.ts';

/** A cap with a visor. */
export const drawCap: DrawProduct = (sketch, look) => {
  const cloth = clothOf(sketch, { ...look, weave: look.weave ?? 'twill' });
  surface(
    sketch,
    'M220,600 C210,360 340,240 500,240 C660,240 760,360 760,600 C600,640 380,640 220,600 Z',
    { ...cloth, edge: 84, depth: 0.5 },
  );
  for (const seam of [
    'M500,244 C470,360 460,480 468,626',
    'M500,244 C360,320 320,460 324,616',
    'M500,244 C640,320 680,460 672,616',
  ]) {
    line(sketch, seam, shade(look.main, -0.4), 4);
  }
  stud(sketch, 500, 242, { radius: 18, fill: look.second });
  surface(
    sketch,
    'M230,590 C380,640 600,640 756,590 C860,620 930,680 920,724 C780,690 520,690 300,740 C240,720 216,650 230,590 Z',
    { ...cloth, fill: look.second, edge: 40, outline: look.second },
  );
  stitches(
    sketch,
    'M262,632 C420,664 640,660 800,640 M280,676 C440,660 660,656 870,690',
    shade(look.second, -0.4),
  );
  sketch.add(
    `<path d="M410,540 L470,430 L508,490 L536,452 L590,540 Z" fill="${look.accent}"/>`,
    `<circle cx="566" cy="420" r="20" fill="${look.accent}"/>`,
  );
};

/** A straw hat with a ribbon. */
export const drawStrawHat: DrawProduct = (sketch, look) => {
  const straw = { fill: look.main, layers: [drawWeave(sketch, 'straw')], outline: look.main };
  surface(sketch, oval(500, 640, 410, 150), { ...straw, edge: 50 });
  surface(sketch, oval(500, 600, 270, 90), { fill: '#000000', depth: 0, layers: [], edge: 2 });
  surface(
    sketch,
    'M254,604 C240,420 320,270 410,270 C450,290 550,290 590,270 C680,270 760,420 746,604 C640,660 360,660 254,604 Z',
    { ...straw, edge: 90, depth: 0.5 },
  );
  surface(sketch, 'M252,530 C380,590 620,590 748,530 L748,606 C620,664 380,664 252,606 Z', {
    fill: look.second,
    layers: look.print === undefined ? [] : [drawPrint(sketch, look.print, look.accent, look.main)],
    edge: 26,
    outline: look.second,
  });
  surface(sketch, 'M690,560 C740,520 800,520 820,560 C780,600 730,610 690,590 Z', {
    fill: look.second,
    edge: 14,
    outline: look.second,
  });
  surface(sketch, 'M690,590 C740,620 780,680 770,730 C720,700 690,650 676,596 Z', {
    fill: shade(look.second, -0.1),
    edge: 14,
    outline: look.second,
  });
};

/** A wrist watch, with hands (form 0) or a lit screen (form 1). */
export const drawWatch: DrawProduct = (sketch, look) => {
  const smart = look.form === 1;
  const strap = {
    fill: look.second,
    ...(smart ? {} : { relief: LEATHER }),
    outline: look.second,
    edge: 36,
  };
  surface(sketch, 'M404,360 C412,220 420,120 436,60 H564 C580,120 588,220 596,360 Z', strap);
  surface(
    sketch,
    'M404,640 C412,780 420,880 436,950 C470,970 530,970 564,950 C580,880 588,780 596,640 Z',
    strap,
  );
  if (!smart)
    stitches(
      sketch,
      'M424,340 L450,76 M576,340 L550,76 M424,660 L450,930 M576,660 L550,930',
      shade(look.second, 0.5),
    );
  for (let y = 760; y < 930; y += 46)
    sketch.add(`<ellipse cx="500" cy="${y}" rx="12" ry="8" fill="${shade(look.second, -0.6)}"/>`);
  if (smart) {
    surface(sketch, roundedBox(340, 320, 320, 370, 96), {
      fill: metal(sketch, look.main),
      edge: 18,
      outline: '#555555',
    });
    surface(sketch, roundedBox(656, 440, 26, 76, 12), {
      fill: metal(sketch, look.main, 90),
      edge: 8,
      outline: '#555555',
    });
    surface(sketch, roundedBox(362, 342, 276, 326, 78), { fill: '#0b0d12', depth: 0.2, edge: 10 });
    for (const [radius, colour, length] of [
      [98, look.accent, 460],
      [72, '#7ee06b', 330],
      [46, '#4cc3f2', 210],
    ] as const) {
      sketch.add(
        `<circle cx="500" cy="505" r="${radius}" fill="none" stroke="${shade(colour, -0.7)}" stroke-width="20"/>`,
        `<circle cx="500" cy="505" r="${radius}" fill="none" stroke="${colour}" stroke-width="20" stroke-linecap="round" stroke-dasharray="${length} 999" transform="rotate(-90 500 505)"/>`,
      );
    }
    sketch.add(
      `<path d="M362,420 C362,360 400,342 440,342 H580 L420,668 C380,660 362,630 362,590 Z" fill="#fff" fill-opacity=".09"/>`,
    );
    return;
  }
  surface(sketch, roundedBox(676, 476, 46, 52, 10), {
    fill: metal(sketch, look.main, 90),
    edge: 10,
    outline: '#555555',
  });
  surface(sketch, oval(500, 500, 196), {
    fill: metal(sketch, look.main, 40),
    edge: 26,
    outline: '#444444',
  });
  surface(sketch, oval(500, 500, 158), {
    fill: radial(sketch, [
      [0, shade(look.accent, 0.18)],
      [1, shade(look.accent, -0.25)],
    ]),
    edge: 20,
    depth: 0.6,
  });
  for (let hour = 0; hour < 12; hour += 1) {
    const long = hour % 3 === 0 ? 34 : 20;
    sketch.add(
      `<rect x="496" y="352" width="8" height="${long}" fill="${metal(sketch, '#e8e2d0')}" transform="rotate(${hour * 30} 500 500)"/>`,
    );
  }
  cord(sketch, 'M500,500 L440,430', '#e9e6dc', 12);
  cord(sketch, 'M500,500 L588,412', '#e9e6dc', 9);
  line(sketch, 'M500,530 L500,376', '#d24b3e', 4);
  stud(sketch, 500, 500, { radius: 12, fill: '#d9d4c4' });
  sketch.add(
    `<path d="M370,420 A158,158 0 0 1 560,356 L400,630 A158,158 0 0 1 370,420 Z" fill="#fff" fill-opacity=".13"/>`,
  );
};

/** Sunglasses: round (form 0) or square (form 1). */
export const drawGlasses: DrawProduct = (sketch, look) => {
  const lens = look.form === 1 ? roundedBox(130, 380, 320, 250, 56) : oval(300, 500, 160);
  for (const mirror of ['', 'transform="matrix(-1 0 0 1 1000 0)"']) {
    sketch.group(mirror, () => {
      cord(
        sketch,
        'M150,440 C110,380 120,330 190,290 C260,262 330,270 390,300',
        shade(look.main, -0.2),
        20,
      );
      surface(sketch, lens, {
        fill: linear(sketch, 90, [
          [0, clear(shade(look.second, -0.5), 0.96)],
          [0.6, clear(look.second, 0.9)],
          [1, clear(shade(look.second, 0.4), 0.78)],
        ]),
        depth: 0.3,
        edge: 20,
      });
      sketch.add(
        `<path d="${lens}" fill="none" stroke="${shade(look.main, -0.3)}" stroke-width="30"/>`,
        `<path d="${lens}" fill="none" stroke="${look.main}" stroke-width="22"/>`,
      );
      if (look.print !== undefined)
        sketch.add(
          `<path d="${lens}" fill="none" stroke="${drawPrint(sketch, look.print, look.accent, shade(look.main, -0.5))}" stroke-width="22"/>`,
        );
      sketch.add(
        `<path d="${lens}" fill="none" stroke="#fff" stroke-opacity=".45" stroke-width="4" transform="translate(-3 -6)"/>`,
      );
    });
  }
  cord(
    sketch,
    look.form === 1 ? 'M450,450 C470,424 530,424 550,450' : 'M446,450 C470,410 530,410 554,450',
    look.main,
    24,
  );
  sketch.add(
    '<path d="M180,460 L250,400 L286,400 L190,500 Z M590,470 L664,400 L690,400 L600,496 Z" fill="#fff" fill-opacity=".4"/>',
  );
};

/** A coiled belt. */
export const drawBelt: DrawProduct = (sketch, look) => {
  for (const [radius, y] of [
    [300, 470],
    [250, 480],
    [200, 492],
  ] as const) {
    sketch.add(
      `<ellipse cx="500" cy="${y}" rx="${radius}" ry="${radius * 0.62}" fill="none" stroke="${shade(look.main, -0.5)}" stroke-width="30"/>`,
    );
  }
  const band =
    'M170,480 C180,700 380,760 560,744 C700,734 800,690 850,640 L870,740 C800,800 680,850 540,852 C320,852 170,760 170,580 Z';
  surface(sketch, band, {
    fill: look.main,
    relief: LEATHER,
    edge: 44,
    depth: 0.5,
    outline: look.main,
  });
  stitches(
    sketch,
    'M184,520 C210,700 380,776 560,760 C700,748 800,706 852,660 M186,610 C220,760 380,838 540,836 C680,832 790,790 864,726',
    shade(look.main, 0.45),
  );
  surface(sketch, 'M790,640 L890,600 L930,740 L826,786 Z M826,668 L842,740 L898,716 L876,646 Z', {
    fill: metal(sketch, look.second),
    edge: 12,
    outline: '#555555',
  });
  cord(sketch, 'M812,712 L912,672', '#d8d8d8', 13);
};
