import type { DrawProduct } from '../drawing/look.ts';
import { cylinder, linear, shade } from '../drawing/paint.ts';
import { oval, roundedBox, symmetric } from '../drawing/path.ts';
import { cord, line, stud, surface } from '../drawing/surface.ts';
import { GRAIN, drawPrint } from '../drawing/texture.ts';

/** A mug. */
export const drawMug: DrawProduct = (sketch, look, pose) => {
  const side = pose.yaw < 0 ? -1 : 1;
  cord(
    sketch,
    `M${500 + side * 230},400 C${500 + side * 400},380 ${500 + side * 400},680 ${500 + side * 220},690`,
    look.main,
    58,
  );
  surface(
    sketch,
    'M250,270 H750 C752,500 744,700 720,830 C690,870 600,880 500,880 C400,880 310,870 280,830 C256,700 248,500 250,270 Z',
    {
      fill: cylinder(sketch, look.main, 0.5),
      edge: 30,
      layers:
        look.print === undefined ? [] : [drawPrint(sketch, look.print, look.second, look.accent)],
      outline: look.main,
    },
  );
  sketch.add(
    `<path d="M250,270 H750 C752,500 744,700 720,830 C690,870 600,880 500,880 C400,880 310,870 280,830 C256,700 248,500 250,270 Z" fill="${linear(
      sketch,
      0,
      [
        [0, '#00000070'],
        [0.2, '#ffffff50'],
        [0.36, '#ffffff00'],
        [0.7, '#00000000'],
        [1, '#00000088'],
      ],
    )}"/>`,
  );
  surface(sketch, oval(500, 272, 250, 66), {
    fill: shade(look.main, 0.2),
    edge: 14,
    outline: look.main,
  });
  surface(sketch, oval(500, 280, 226, 52), { fill: '#4a2a18', edge: 24, depth: 0.5 });
  sketch.add(
    '<ellipse cx="430" cy="276" rx="90" ry="16" fill="#8a5a38" opacity=".7"/><rect x="292" y="340" width="22" height="400" rx="11" fill="#fff" opacity=".5"/>',
  );
};

/** A plant in a pot: broad leaves (form 0) or a cactus (form 1). */
export const drawPlant: DrawProduct = (sketch, look) => {
  if (look.form === 1) {
    for (const path of [
      roundedBox(410, 180, 180, 480, 90),
      'M430,520 C300,520 270,440 276,360 C282,320 340,320 346,360 C350,420 380,440 430,440 Z',
      'M570,470 C690,470 730,400 724,320 C718,284 664,284 656,320 C656,380 620,390 570,390 Z',
    ]) {
      surface(sketch, path, { fill: look.main, edge: 60, depth: 0.55, outline: look.main });
    }
    for (let y = 230; y < 620; y += 44)
      for (const x of [450, 500, 550])
        line(sketch, `M${x - 7},${y - 7} l14,14 M${x + 7},${y - 7} l-14,14`, '#f1f0d8', 3);
    stud(sketch, 500, 176, { radius: 34, fill: look.accent });
  } else {
    for (let at = 0; at < 13; at += 1) {
      const turn = -84 + at * 14 + sketch.random.between(-6, 6);
      const size = sketch.random.between(300, 440);
      sketch.group(`transform="rotate(${turn} 500 640)"`, () => {
        const leaf = `M500,640 C400,${640 - size * 0.5} 430,${640 - size * 0.9} 500,${640 - size * 1.25} C570,${640 - size * 0.9} 600,${640 - size * 0.5} 500,640 Z`;
        surface(sketch, leaf, {
          fill: shade(look.main, sketch.random.between(-0.25, 0.18)),
          edge: 40,
          depth: 0.5,
          outline: look.main,
        });
        line(sketch, `M500,640 V${640 - size * 1.15}`, shade(look.main, 0.35), 5);
      });
    }
  }
  surface(
    sketch,
    symmetric(
      500,
      [0, 620],
      [
        [190, 620],
        [176, 740, 160, 840, 140, 910],
        [70, 922, 30, 922, 0, 922],
      ],
    ),
    {
      fill: cylinder(sketch, look.second, 0.35),
      edge: 40,
      layers:
        look.print === undefined
          ? []
          : [drawPrint(sketch, look.print, look.accent, shade(look.second, -0.3))],
      outline: look.second,
    },
  );
  surface(sketch, roundedBox(290, 596, 420, 70, 20), {
    fill: cylinder(sketch, look.second, 0.4),
    edge: 16,
    outline: look.second,
  });
};

/** An open umbrella. */
export const drawUmbrella: DrawProduct = (sketch, look) => {
  cord(sketch, 'M500,420 V830 C500,930 380,930 390,830', look.accent, 24);
  const ribs = [110, 306, 500, 694, 890];
  for (let at = 0; at < 4; at += 1) {
    const [left = 0, right = 0] = [ribs[at], ribs[at + 1]];
    const panel = `M500,130 C${500 + (left - 500) * 0.62},150 ${left + (500 - left) * 0.08},330 ${left},500 Q${(left + right) / 2},440 ${right},500 C${right + (500 - right) * 0.08},330 ${500 + (right - 500) * 0.62},150 500,130 Z`;
    surface(sketch, panel, {
      fill: at % 2 === 0 ? look.main : look.second,
      edge: 40,
      depth: 0.4,
      layers:
        look.print === undefined ? [] : [drawPrint(sketch, look.print, look.accent, look.second)],
      outline: look.main,
    });
  }
  line(sketch, 'M500,130 V86', look.accent, 12);
};

/** An acoustic guitar. */
export const drawGuitar: DrawProduct = (sketch, look) => {
  surface(sketch, roundedBox(462, 60, 76, 120, 14), {
    fill: shade(look.second, -0.2),
    edge: 18,
    outline: look.second,
  });
  for (const x of [448, 552])
    for (const y of [84, 118, 152]) stud(sketch, x, y, { radius: 11, fill: '#d9d4c4' });
  surface(
    sketch,
    symmetric(
      500,
      [0, 440],
      [
        [90, 440, 140, 470, 140, 540],
        [140, 590, 120, 600, 126, 640],
        [150, 680, 200, 720, 200, 790],
        [200, 890, 110, 936, 0, 936],
      ],
    ),
    {
      fill: look.main,
      relief: { ...GRAIN, frequency: [0.06, 0.004] },
      edge: 44,
      depth: 0.45,
      outline: look.second,
    },
  );
  sketch.add(
    `<path d="${symmetric(
      500,
      [0, 448],
      [
        [84, 448, 132, 476, 132, 540],
        [132, 590, 112, 600, 118, 640],
        [142, 680, 192, 720, 192, 790],
        [192, 882, 106, 928, 0, 928],
      ],
    )}" fill="none" stroke="${look.second}" stroke-width="9"/>`,
  );
  surface(sketch, oval(500, 610, 62), { fill: '#24150c', edge: 16, depth: 0.6 });
  sketch.add(
    `<circle cx="500" cy="610" r="72" fill="none" stroke="${look.accent}" stroke-width="9" stroke-dasharray="8 5"/>`,
  );
  surface(sketch, roundedBox(474, 160, 52, 410, 6), {
    fill: look.second,
    edge: 12,
    outline: look.second,
  });
  for (let y = 196; y < 560; y += 38) line(sketch, `M476,${y} H524`, '#d9d4c4', 3);
  surface(sketch, roundedBox(420, 786, 160, 34, 10), {
    fill: look.second,
    edge: 10,
    outline: look.second,
  });
  for (let string = 0; string < 6; string += 1)
    line(sketch, `M${482 + string * 7.2},100 V800`, '#efe6cf', 1.8);
};
