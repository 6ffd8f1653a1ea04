import type { DrawProduct, Look } from '../drawing/look.ts';
import { clear, cylinder, linear, metal, shade } from '../drawing/paint.ts';
import { oval, symmetric } from '../drawing/path.ts';
import type { Sketch } from '../drawing/sketch.ts';
import { drawBlocks } from '../drawing/solid.ts';
import type { Pose } from '../drawing/solid.ts';
import { surface } from '../drawing/surface.ts';
import { drawPrint } from '../drawing/texture.ts';

/** A label around a round thing: a band that bends with the pitch, its art turned by the yaw. */
function drawLabel(
  sketch: Sketch,
  look: Look,
  pose: Pose,
  [top, bottom, radius]: readonly [number, number, number],
): void {
  const bend = radius * Math.sin((pose.pitch * Math.PI) / 180) * 0.8 + 6;
  const band = `M${500 - radius},${top} Q500,${top + bend * 2} ${500 + radius},${top} V${bottom} Q500,${bottom + bend * 2} ${500 - radius},${bottom} Z`;
  const shift = -Math.sin((pose.yaw * Math.PI) / 180) * radius;
  const clip = sketch.define((id) => `<clipPath id="${id}"><path d="${band}"/></clipPath>`);
  const middle = (top + bottom) / 2 + bend;
  const high = bottom - top;
  sketch.group(`clip-path="${clip}"`, () => {
    sketch.add(`<path d="${band}" fill="${look.second}"/>`);
    if (look.print !== undefined) {
      sketch.add(
        `<path d="${band}" fill="${drawPrint(sketch, look.print, look.accent, shade(look.second, -0.3))}"/>`,
      );
    }
    sketch.add(
      `<g transform="translate(${shift} 0)">`,
      `<ellipse cx="500" cy="${middle}" rx="${radius * 0.6}" ry="${high * 0.3}" fill="${look.accent}"/>`,
      `<ellipse cx="500" cy="${middle}" rx="${radius * 0.5}" ry="${high * 0.24}" fill="none" stroke="${look.second}" stroke-width="7"/>`,
      `<path d="M${500 - radius * 0.3},${middle + high * 0.1} L500,${middle - high * 0.17} L${500 + radius * 0.3},${middle + high * 0.1} Z" fill="${look.second}"/>`,
      `<rect x="${500 - radius * 0.7}" y="${bottom - high * 0.14 + bend}" width="${radius * 1.4}" height="${high * 0.06}" fill="${look.accent}"/></g>`,
      `<path d="${band}" fill="${linear(sketch, 0, [
        [0, clear('#000000', 0.5)],
        [0.16, clear('#000000', 0.1)],
        [0.26, clear('#ffffff', 0.35)],
        [0.38, clear('#ffffff', 0)],
        [0.66, clear('#000000', 0)],
        [1, clear('#000000', 0.55)],
      ])}"/>`,
    );
  });
}

function drawShine(sketch: Sketch, x: number, top: number, bottom: number): void {
  sketch.add(
    `<rect x="${x}" y="${top}" width="15" height="${bottom - top}" rx="7" fill="#fff" fill-opacity=".62"/>`,
    `<rect x="${x + 26}" y="${top + 26}" width="6" height="${bottom - top - 70}" rx="3" fill="#fff" fill-opacity=".4"/>`,
  );
}

/** A bottle: soda (form 0), wine (form 1), water (form 2), milk (form 3). */
export const drawBottle: DrawProduct = (sketch, look, pose) => {
  const forms = [
    { neck: 40, shoulder: 330, radius: 128, waist: -14, label: [500, 700] as const },
    { neck: 38, shoulder: 430, radius: 120, waist: 0, label: [560, 800] as const },
    { neck: 52, shoulder: 290, radius: 142, waist: -8, label: [420, 620] as const },
    { neck: 62, shoulder: 330, radius: 140, waist: 0, label: [520, 740] as const },
  ];
  const { neck, shoulder, radius, waist, label } = forms[look.form ?? 0] ?? forms[0]!;
  const glass = symmetric(
    500,
    [0, 110],
    [
      [neck, 110],
      [neck + 2, 180],
      [neck + 6, shoulder - 90, radius, shoulder - 60, radius, shoulder + 40],
      [radius + waist, 480, radius + waist, 640, radius, 740],
      [radius, 890],
      [radius, 924, radius - 30, 936, radius - 60, 936],
      [radius * 0.3, 944, radius * 0.15, 946, 0, 946],
    ],
  );
  const level = shoulder - 60;
  surface(sketch, glass, { fill: clear(shade(look.main, 0.55), 0.82), depth: 0.3, edge: 26 });
  const clip = sketch.define((id) => `<clipPath id="${id}"><path d="${glass}"/></clipPath>`);
  sketch.group(`clip-path="${clip}"`, () => {
    sketch.add(
      `<rect x="340" y="${level}" width="320" height="600" fill="${cylinder(sketch, look.main, 0.35)}" opacity=".93"/>`,
      `<ellipse cx="500" cy="${level}" rx="${radius * 0.7}" ry="11" fill="${shade(look.main, 0.35)}" opacity=".7"/>`,
      `<ellipse cx="540" cy="880" rx="80" ry="60" fill="#fff" opacity=".2"/>`,
    );
    if (look.form === 0) {
      for (let bubble = 0; bubble < 26; bubble += 1) {
        sketch.add(
          `<circle cx="${sketch.random.between(400, 600)}" cy="${sketch.random.between(level + 20, 920)}" r="${sketch.random.between(3, 8)}" fill="#fff" fill-opacity=".35"/>`,
        );
      }
    }
  });
  drawLabel(sketch, look, pose, [label[0], label[1], radius + waist * 0.8]);
  drawShine(sketch, 500 - radius + 22, shoulder + 40, 900);
  drawShine(sketch, 500 - neck + 8, 176, shoulder - 100);
  surface(sketch, `M${500 - neck - 8},64 h${2 * neck + 16} v72 h${-2 * neck - 16} Z`, {
    fill: cylinder(sketch, look.accent, 0.4),
    edge: 10,
    outline: look.accent,
  });
  for (let x = -neck; x <= neck; x += 13)
    sketch.add(
      `<rect x="${500 + x}" y="72" width="3" height="58" fill="#000" fill-opacity=".22"/>`,
    );
};

/** A drinks can. */
export const drawCan: DrawProduct = (sketch, look, pose) => {
  const tilt = 24 + 130 * Math.sin((pose.pitch * Math.PI) / 180);
  const body = `M318,220 C330,196 350,186 360,180 H640 C650,186 670,196 682,220 V836 C676,866 650,884 636,892 Q500,${892 + tilt} 364,892 C350,884 324,866 318,836 Z`;
  surface(sketch, body, { fill: metal(sketch, '#c4c8cc'), depth: 0.2, outline: '#555555' });
  drawLabel(sketch, look, pose, [226, 828 - tilt * 0.3, 182]);
  const lid = oval(500, 184, 142, tilt * 0.8);
  surface(sketch, lid, { fill: metal(sketch, '#d3d6d9', 60), edge: 12, outline: '#666666' });
  sketch.add(
    `<ellipse cx="500" cy="${186 + tilt * 0.06}" rx="118" ry="${tilt * 0.62}" fill="${metal(sketch, '#b7bbc0', 120)}"/>`,
    `<ellipse cx="500" cy="${186 + tilt * 0.3}" rx="34" ry="${tilt * 0.22}" fill="#8e9298"/>`,
    `<ellipse cx="500" cy="${184 - tilt * 0.1}" rx="24" ry="${tilt * 0.26}" fill="none" stroke="#e9ecef" stroke-width="9"/>`,
  );
  drawShine(sketch, 352, 250, 800);
};

/** A carton of juice with fruit on it. */
export const drawCarton: DrawProduct = (sketch, look, pose) => {
  const front = (width: number, height: number): string =>
    `<rect width="${width}" height="${height * 0.3}" fill="${look.second}"/>` +
    `<path d="M0,${height * 0.3} Q${width / 2},${height * 0.44} ${width},${height * 0.3} V0 H0 Z" fill="${look.second}"/>` +
    `<circle cx="${width * 0.52}" cy="${height * 0.62}" r="${width * 0.34}" fill="${look.accent}"/>` +
    `<circle cx="${width * 0.52}" cy="${height * 0.62}" r="${width * 0.27}" fill="${shade(look.accent, 0.45)}"/>` +
    [0, 45, 90, 135]
      .map(
        (angle) =>
          `<rect x="${width * 0.25}" y="${height * 0.62 - 4}" width="${width * 0.54}" height="8" fill="${look.accent}" transform="rotate(${angle} ${width * 0.52} ${height * 0.62})"/>`,
      )
      .join('') +
    `<path d="M${width * 0.6},${height * 0.4} q${width * 0.2},-60 ${width * 0.34},-10 q-${width * 0.16},50 -${width * 0.34},10" fill="#4f9d46"/>` +
    `<rect x="${width * 0.2}" y="${height * 0.12}" width="${width * 0.6}" height="26" rx="13" fill="#fff"/>` +
    `<rect x="${width * 0.3}" y="${height * 0.12 + 42}" width="${width * 0.4}" height="12" rx="6" fill="#fff" opacity=".7"/>`;
  const sides = (width: number, height: number): string =>
    `<rect width="${width}" height="${height * 0.3}" fill="${look.second}"/>` +
    [0.42, 0.5, 0.58, 0.66]
      .map(
        (share) =>
          `<rect x="${width * 0.18}" y="${height * share}" width="${width * 0.64}" height="12" fill="${look.second}" opacity=".6"/>`,
      )
      .join('');
  drawBlocks(
    sketch,
    [
      { at: [0, 60, 0], size: [300, 600, 220], fill: look.main, front, sides, round: 6 },
      { at: [0, -290, 0], size: [290, 100, 150], fill: look.second, round: 14 },
      { at: [0, -356, 0], size: [290, 60, 24], fill: shade(look.second, 0.2), round: 6 },
      { at: [50, -300, 90], size: [76, 60, 60], fill: look.accent, round: 26 },
    ],
    pose,
    [500, 540],
  );
};
