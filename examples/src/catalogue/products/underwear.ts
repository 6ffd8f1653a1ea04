import type { DrawProduct } from '../drawing/look.ts';
import { shade } from '../drawing/paint.ts';
import { line, stitches, surface } from '../drawing/surface.ts';
import { drawWeave } from '../drawing/texture.ts';
import { clothOf } from './cloth.ts';

/** A pair of socks: long (form 0) or short (form 1). */
export const drawSocks: DrawProduct = (sketch, look) => {
  const top = look.form === 1 ? 400 : 130;
  const sock = `M300,${top} H500 C500,${top + 200} 490,560 520,620 C560,680 660,720 740,760 C810,800 800,880 720,890 C600,896 450,880 360,800 C290,730 290,560 300,${top} Z`;
  for (const place of ['translate(130 -60) rotate(7 500 500)', 'translate(-110 30)']) {
    sketch.group(`transform="${place}"`, () => {
      surface(sketch, sock, {
        ...clothOf(sketch, { ...look, weave: look.weave ?? 'rib' }),
        folds: ['M330,600 C390,640 440,640 500,600', 'M340,680 C400,700 460,690 520,640'],
        edge: 60,
        depth: 0.5,
      });
      surface(
        sketch,
        'M640,716 C700,744 810,800 796,850 C780,890 700,894 650,890 C610,850 600,770 640,716 Z',
        { fill: look.accent, layers: [drawWeave(sketch, 'rib')], edge: 26, outline: look.accent },
      );
      surface(sketch, 'M300,640 C304,740 340,800 400,830 C440,790 430,690 300,640 Z', {
        fill: look.accent,
        layers: [drawWeave(sketch, 'rib')],
        edge: 26,
        outline: look.accent,
      });
      surface(sketch, `M292,${top - 6} H508 V${top + 76} H292 Z`, {
        fill: look.accent,
        layers: [drawWeave(sketch, 'rib')],
        edge: 22,
        outline: look.accent,
      });
    });
  }
};

/** Boxer shorts. */
export const drawBoxers: DrawProduct = (sketch, look) => {
  surface(
    sketch,
    'M240,280 H760 C790,440 820,580 850,720 C760,770 640,780 560,760 L512,600 H488 L440,760 C360,780 240,770 150,720 C180,580 210,440 240,280 Z',
    {
      ...clothOf(sketch, look),
      folds: [
        'M480,600 C400,580 340,540 300,470',
        'M520,600 C600,580 660,540 700,470',
        'M260,560 C250,640 240,680 220,730',
      ],
      edge: 60,
    },
  );
  line(sketch, 'M500,300 V600 M500,440 C540,440 556,420 556,330', shade(look.main, -0.4), 5);
  stitches(
    sketch,
    'M168,700 C250,744 370,752 446,736 M832,700 C750,744 630,752 554,736',
    shade(look.main, -0.35),
  );
  surface(sketch, 'M232,220 C400,236 600,236 768,220 L774,306 C600,322 400,322 226,306 Z', {
    fill: look.accent,
    layers: [drawWeave(sketch, 'rib')],
    edge: 22,
    outline: look.accent,
  });
  surface(sketch, 'M440,248 h120 v46 h-120 Z', { fill: look.second, edge: 8 });
};
