import type { DrawProduct } from '../drawing/look.ts';
import { clear, cylinder, linear, metal, radial, shade } from '../drawing/paint.ts';
import { oval, roundedBox, symmetric } from '../drawing/path.ts';
import type { Sketch } from '../drawing/sketch.ts';
import { line, surface } from '../drawing/surface.ts';

function drawGlint(sketch: Sketch, path: string): void {
  sketch.add(`<path d="${path}" fill="#fff" fill-opacity=".5"/>`);
}

/** An open lipstick with its cap beside it. */
export const drawLipstick: DrawProduct = (sketch, look) => {
  surface(sketch, 'M360,330 C358,220 380,150 470,110 C490,120 500,150 500,190 V480 H360 Z', {
    fill: cylinder(sketch, look.main, 0.5),
    edge: 26,
    outline: look.main,
  });
  surface(sketch, 'M360,330 C360,230 390,160 470,110 C486,150 470,250 360,330 Z', {
    fill: shade(look.main, 0.14),
    edge: 14,
  });
  surface(sketch, roundedBox(346, 440, 168, 130, 8), {
    fill: metal(sketch, look.accent),
    edge: 12,
    outline: '#6d541d',
  });
  surface(sketch, roundedBox(322, 560, 216, 330, 14), {
    fill: cylinder(sketch, look.second, 0.45),
    edge: 16,
    outline: look.second,
  });
  sketch.add(
    `<rect x="322" y="600" width="216" height="14" fill="${metal(sketch, look.accent)}"/>`,
  );
  surface(sketch, roundedBox(590, 500, 190, 390, 16), {
    fill: cylinder(sketch, look.second, 0.45),
    edge: 16,
    outline: look.second,
  });
  sketch.add(
    `<rect x="590" y="846" width="190" height="16" fill="${metal(sketch, look.accent)}"/>`,
  );
  drawGlint(sketch, 'M352,580 h16 v290 h-16 Z M618,520 h14 v320 h-14 Z');
};

/** A bottle of nail polish. */
export const drawPolish: DrawProduct = (sketch, look) => {
  surface(
    sketch,
    symmetric(
      500,
      [0, 120],
      [
        [62, 120],
        [78, 240, 88, 360, 92, 520],
        [40, 530, 20, 530, 0, 530],
      ],
    ),
    { fill: cylinder(sketch, look.second, 0.5), edge: 18, outline: look.second },
  );
  surface(sketch, roundedBox(436, 520, 128, 50, 6), { fill: metal(sketch, look.accent), edge: 8 });
  const glass = roundedBox(310, 560, 380, 330, 90);
  surface(sketch, glass, { fill: clear(shade(look.main, 0.5), 0.8), edge: 24, outline: '#888888' });
  surface(sketch, roundedBox(334, 590, 332, 278, 70), {
    fill: radial(
      sketch,
      [
        [0, shade(look.main, 0.4)],
        [0.5, look.main],
        [1, shade(look.main, -0.45)],
      ],
      [0.32, 0.3, 0.9],
    ),
    edge: 40,
    depth: 0.5,
  });
  drawGlint(
    sketch,
    'M356,650 q4,-40 40,-46 v14 q-24,8 -26,40 v120 h-14 Z M450,140 h14 v350 h-14 Z',
  );
};

/** A flacon of perfume: square (form 0) or round (form 1). */
export const drawPerfume: DrawProduct = (sketch, look) => {
  const outer = look.form === 1 ? oval(500, 620, 270, 262) : roundedBox(250, 380, 500, 500, 34);
  const inner = look.form === 1 ? oval(500, 632, 216, 212) : roundedBox(296, 430, 408, 410, 22);
  surface(sketch, roundedBox(404, 120, 192, 190, look.form === 1 ? 90 : 14), {
    fill: cylinder(sketch, look.second, 0.5),
    edge: 20,
    outline: look.second,
  });
  surface(sketch, roundedBox(444, 300, 112, 80, 8), {
    fill: metal(sketch, look.accent),
    edge: 8,
    outline: '#6d541d',
  });
  surface(sketch, outer, {
    fill: linear(sketch, 30, [
      [0, '#f4f7f8e6'],
      [0.5, '#cfd9dccc'],
      [1, '#f8fafae6'],
    ]),
    edge: 36,
    depth: 0.35,
    outline: '#7d8a90',
  });
  surface(sketch, inner, {
    fill: linear(sketch, 70, [
      [0, clear(shade(look.main, 0.35), 0.9)],
      [0.5, look.main],
      [1, shade(look.main, -0.3)],
    ]),
    edge: 40,
    depth: 0.45,
  });
  line(sketch, 'M500,380 V800', '#ffffff88', 5);
  sketch.add(
    `<rect x="400" y="570" width="200" height="130" fill="${look.second}" fill-opacity=".9"/><rect x="412" y="582" width="176" height="106" fill="none" stroke="${look.accent}" stroke-width="5"/><path d="M470,660 L500,606 L530,660 Z" fill="${look.accent}"/>`,
  );
  drawGlint(
    sketch,
    look.form === 1
      ? 'M286,560 q20,-110 120,-150 l6,20 q-80,40 -100,140 Z'
      : 'M270,410 h26 v430 h-26 Z M306,440 h9 v360 h-9 Z',
  );
};

/** A jar of cream, its lid leaning on it (form 1) or on top (form 0). */
export const drawCream: DrawProduct = (sketch, look) => {
  const lidY = look.form === 1 ? 300 : 360;
  surface(sketch, 'M210,560 H790 V760 C790,840 700,870 500,870 C300,870 210,840 210,760 Z', {
    fill: cylinder(sketch, look.main, 0.6),
    edge: 40,
    outline: look.main,
  });
  sketch.add(
    `<path d="M210,690 Q500,760 790,690 V716 Q500,786 210,716 Z" fill="${look.accent}"/>`,
    `<rect x="400" y="640" width="200" height="24" rx="12" fill="${look.accent}"/>`,
  );
  if (look.form === 1) {
    surface(sketch, oval(500, 560, 290, 84), {
      fill: shade(look.main, 0.2),
      edge: 20,
      outline: look.main,
    });
    surface(sketch, oval(500, 566, 258, 66), { fill: '#fdf6ee', edge: 30 });
    sketch.add(
      '<path d="M360,566 C400,520 520,520 560,560 C580,590 500,600 470,574 C460,556 520,540 540,560" fill="none" stroke="#e4d6c6" stroke-width="12" stroke-linecap="round"/>',
    );
  }
  sketch.group(look.form === 1 ? 'transform="translate(190 30) rotate(14 500 400)"' : '', () => {
    if (look.form === 1) return;
    surface(sketch, `M200,${lidY} H800 V590 Q500,660 200,590 Z`, {
      fill: cylinder(sketch, look.second, 0.5),
      edge: 26,
      outline: look.second,
    });
    surface(sketch, oval(500, lidY, 300, 76), {
      fill: metal(sketch, look.second, 30),
      edge: 18,
      outline: look.second,
    });
  });
};

/** An open compact with a mirror; form 1 is a palette of four. */
export const drawCompact: DrawProduct = (sketch, look) => {
  surface(sketch, roundedBox(220, 90, 560, 400, look.form === 1 ? 30 : 200), {
    fill: shade(look.second, -0.1),
    edge: 24,
    outline: look.second,
  });
  surface(sketch, roundedBox(254, 122, 492, 336, look.form === 1 ? 16 : 168), {
    fill: linear(sketch, 35, [
      [0, '#b8c7cf'],
      [0.3, '#f3f8fa'],
      [0.45, '#c3d1d8'],
      [0.7, '#eef4f6'],
      [1, '#9fb0b9'],
    ]),
    edge: 16,
  });
  surface(sketch, roundedBox(430, 476, 140, 34, 12), {
    fill: metal(sketch, look.accent, 90),
    edge: 8,
  });
  surface(sketch, roundedBox(210, 500, 580, 400, look.form === 1 ? 30 : 200), {
    fill: look.second,
    edge: 30,
    outline: look.second,
  });
  const powder = {
    relief: { frequency: [0.6, 0.6], height: 1.6, octaves: 2 } as const,
    edge: 24,
    depth: 0.5,
  };
  if (look.form === 1) {
    const colours = [look.main, shade(look.main, 0.4), shade(look.main, -0.3), look.accent];
    for (const [at, colour] of colours.entries()) {
      surface(
        sketch,
        roundedBox(244 + (at % 2) * 262, 532 + Math.floor(at / 2) * 172, 250, 160, 14),
        { ...powder, fill: colour },
      );
    }
  } else {
    surface(sketch, oval(500, 700, 240, 160), { ...powder, fill: look.main });
    for (let ring = 1; ring < 4; ring += 1)
      sketch.add(
        `<ellipse cx="500" cy="700" rx="${ring * 58}" ry="${ring * 38}" fill="none" stroke="${shade(look.main, -0.25)}" stroke-width="5" stroke-opacity=".6"/>`,
      );
  }
};
