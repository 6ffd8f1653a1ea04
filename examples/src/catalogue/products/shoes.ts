import type { DrawProduct, Look } from '../drawing/look.ts';
import { linear, shade } from '../drawing/paint.ts';
import type { Sketch } from '../drawing/sketch.ts';
import { cord, line, stitches, stud, surface } from '../drawing/surface.ts';
import { LEATHER, drawPrint, drawWeave } from '../drawing/texture.ts';

/** Draws a pair from one shoe: the far one smaller, behind. */
function drawPair(sketch: Sketch, drawShoe: () => void): void {
  sketch.group('transform="translate(150 30) scale(.84)"', () => {
    drawShoe();
    sketch.add('');
  });
  sketch.group('transform="translate(-10 150) scale(.92)"', drawShoe);
}

function drawSole(sketch: Sketch, path: string, look: Look): void {
  surface(sketch, path, { fill: look.second, depth: 0.35, edge: 24, outline: '#999999' });
}

/** A low sneaker (form 0), a high one (form 1). */
export const drawSneaker: DrawProduct = (sketch, look) => {
  const high = look.form === 1;
  const collar = high ? 250 : 400;
  const upper =
    `M150,640 C130,560 150,480 176,${collar + 20} C240,${collar - 24} 320,${collar - 10} 372,${collar + 16} ` +
    'C420,470 520,520 640,560 C760,580 850,600 866,650 L866,690 L150,690 Z';
  drawPair(sketch, () => {
    surface(sketch, upper, {
      fill: look.main,
      layers: look.weave === undefined ? [] : [drawWeave(sketch, look.weave)],
      ...(look.weave === undefined ? { relief: LEATHER } : {}),
      edge: 60,
      outline: look.main,
    });
    surface(sketch, 'M700,570 C800,586 862,610 866,650 V690 H690 C668,650 676,600 700,570 Z', {
      fill: look.second,
      edge: 34,
      outline: look.second,
    });
    surface(sketch, `M150,640 C136,580 144,520 160,470 C200,480 236,520 246,690 H150 Z`, {
      fill: look.accent,
      edge: 26,
      outline: look.accent,
    });
    surface(
      sketch,
      `M176,${collar + 20} C240,${collar - 24} 320,${collar - 10} 372,${collar + 16} C300,${collar + 44} 240,${collar + 44} 176,${collar + 20} Z`,
      {
        fill: shade(look.main, -0.5),
        edge: 10,
      },
    );
    const swoosh = 'M300,640 C380,640 470,600 520,530 C500,610 430,670 330,672 Z';
    surface(sketch, swoosh, { fill: look.accent, edge: 10 });
    for (let step = 0; step < (high ? 7 : 5); step += 1) {
      const [x, y] = high
        ? [392 + step * 40 - (step < 3 ? (3 - step) * 22 : 0), 330 + step * 36]
        : [420 + step * 48, 450 + step * 22];
      stud(sketch, x, y + 14, { radius: 7, fill: '#b9bcc2' });
      cord(sketch, `M${x - 6},${y + 12} q34,-34 60,-8`, '#f4f2ec', 13);
    }
    drawSole(
      sketch,
      'M138,676 C300,692 700,692 872,672 C892,700 886,736 862,744 H170 C142,740 130,706 138,676 Z',
      look,
    );
    line(sketch, 'M146,716 C400,728 640,726 880,708', look.accent, 7);
  });
};

/** A running shoe of mesh on a thick foam sole. */
export const drawRunner: DrawProduct = (sketch, look) => {
  drawPair(sketch, () => {
    const upper =
      'M168,620 C150,540 150,440 190,384 C236,372 300,384 344,420 C430,480 520,500 640,536 C770,560 872,590 890,650 L180,660 Z';
    surface(sketch, upper, {
      fill: linear(sketch, 12, [
        [0, shade(look.main, -0.2)],
        [0.6, look.main],
        [1, shade(look.main, 0.25)],
      ]),
      layers: [drawWeave(sketch, 'canvas')],
      edge: 60,
      outline: look.main,
    });
    for (let step = 0; step < 4; step += 1) {
      const x = 300 + step * 62;
      sketch.add(
        `<path d="M${x},650 C${x + 34},600 ${x + 66},560 ${x + 96},${506 + step * 12}" fill="none" stroke="${look.accent}" stroke-width="17" stroke-linecap="round"/>`,
      );
    }
    for (let step = 0; step < 5; step += 1) {
      cord(sketch, `M${400 + step * 50},${446 + step * 18} q30,-28 56,-2`, look.second, 12);
    }
    surface(
      sketch,
      'M120,640 C200,620 330,668 520,650 C660,636 800,640 900,630 C930,660 916,716 880,738 C700,770 340,780 170,752 C120,730 100,680 120,640 Z',
      {
        fill: linear(sketch, 0, [
          [0, look.accent],
          [0.45, '#f6f6f3'],
          [1, '#ffffff'],
        ]),
        edge: 40,
        outline: '#aaaaaa',
      },
    );
    line(sketch, 'M150,700 C340,740 600,700 900,690', shade(look.accent, -0.1), 6);
    sketch.add(
      '<path d="M170,752 C340,780 700,770 880,738" stroke="#33363c" stroke-width="15" fill="none" stroke-linecap="round"/>',
    );
  });
};

/** A loafer (form 0) or an ankle boot (form 1) of leather. */
export const drawLeatherShoe: DrawProduct = (sketch, look) => {
  const boot = look.form === 1;
  const upper = boot
    ? 'M196,660 C190,500 196,360 210,240 C280,224 380,226 430,244 C430,360 440,440 500,490 C620,540 800,560 850,650 L850,680 H196 Z'
    : 'M160,660 C146,570 156,500 186,452 C250,440 330,452 372,486 C470,520 600,510 700,540 C800,560 866,600 880,660 L870,684 H170 Z';
  drawPair(sketch, () => {
    surface(sketch, upper, {
      fill: look.main,
      relief: LEATHER,
      edge: 74,
      depth: 0.55,
      outline: look.main,
    });
    if (boot) {
      surface(sketch, 'M300,232 L352,236 C350,320 352,400 366,470 H296 Z', {
        fill: look.second,
        layers: [drawWeave(sketch, 'rib')],
        edge: 14,
      });
      line(sketch, 'M210,256 C280,240 380,242 430,260', shade(look.main, -0.4), 8);
    } else {
      surface(
        sketch,
        'M400,506 C470,474 560,486 610,520 C590,580 560,630 520,656 C470,640 420,590 400,506 Z',
        { fill: shade(look.main, 0.08), relief: LEATHER, edge: 22, outline: look.main },
      );
      surface(sketch, 'M420,560 C490,536 560,540 610,566 L600,606 C550,584 490,584 432,602 Z', {
        fill: shade(look.main, -0.1),
        edge: 16,
        outline: look.main,
      });
      sketch.add(
        '<path d="M496,556 h44 v32 h-44 Z" fill="none" stroke="#d9b45b" stroke-width="9"/>',
      );
      surface(sketch, 'M186,452 C250,440 330,452 372,486 C320,500 240,490 186,452 Z', {
        fill: shade(look.main, -0.55),
        edge: 12,
      });
    }
    stitches(sketch, 'M190,664 C400,676 700,676 850,660', look.accent);
    surface(
      sketch,
      'M156,672 H874 C890,690 884,706 860,712 H420 L402,746 H176 C156,740 150,700 156,672 Z',
      { fill: look.second, edge: 20, outline: '#222222' },
    );
  });
};

/** A court shoe on a high heel. */
export const drawHeel: DrawProduct = (sketch, look) => {
  const gloss = linear(sketch, 30, [
    [0, shade(look.main, 0.3)],
    [0.35, look.main],
    [0.75, shade(look.main, -0.25)],
    [1, shade(look.main, 0.15)],
  ]);
  drawPair(sketch, () => {
    surface(
      sketch,
      'M196,440 C214,470 230,500 236,560 C240,640 232,700 226,746 H204 C196,660 176,560 160,470 Z',
      { fill: shade(look.main, -0.2), edge: 14, outline: look.main },
    );
    surface(
      sketch,
      'M150,330 C170,316 196,316 214,330 C280,420 400,560 560,600 C640,604 720,590 770,610 C850,640 900,700 884,738 C800,752 660,750 580,736 C460,700 360,600 270,540 C220,510 180,500 158,470 C140,420 140,370 150,330 Z',
      { fill: gloss, edge: 46, depth: 0.5, outline: look.main },
    );
    surface(
      sketch,
      'M214,330 C280,420 400,560 560,600 C600,640 560,660 520,640 C400,590 290,470 214,330 Z',
      { fill: look.second, edge: 12 },
    );
    line(sketch, 'M560,736 C660,752 800,754 884,740', '#2a1c1c', 9);
    if (look.form === 1) stud(sketch, 690, 630, { radius: 22, fill: look.accent });
  });
};

/** A flat sandal with straps. */
export const drawSandal: DrawProduct = (sketch, look) => {
  drawPair(sketch, () => {
    surface(
      sketch,
      'M130,640 C300,620 420,670 600,668 C740,666 840,650 890,668 C906,690 890,720 860,728 H160 C126,716 116,670 130,640 Z',
      { fill: look.second, layers: [drawWeave(sketch, 'straw')], edge: 24, outline: look.second },
    );
    for (const strap of [
      'M610,676 C600,590 680,540 770,562 C830,590 850,630 850,664 L780,668 C770,620 730,610 680,640 L676,676 Z',
      'M470,668 C470,560 540,500 620,520 L650,560 C580,556 540,600 536,672 Z',
      'M170,640 C150,540 180,460 240,440 C330,430 420,470 470,540 L440,572 C390,510 320,480 258,492 C214,510 208,580 222,636 Z',
    ]) {
      surface(sketch, strap, { fill: look.main, relief: LEATHER, edge: 20, outline: look.main });
    }
    if (look.print !== undefined)
      sketch.add(
        `<path d="M170,700 H860 V728 H160 Z" fill="${drawPrint(sketch, look.print, look.main, look.accent)}"/>`,
      );
    sketch.add(
      '<path d="M326,456 h44 v44 h-44 Z" fill="none" stroke="#d9b45b" stroke-width="10"/>',
    );
  });
};
