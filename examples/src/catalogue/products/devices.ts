import type { DrawProduct } from '../drawing/look.ts';
import { linear, metal, radial, shade } from '../drawing/paint.ts';
import { oval } from '../drawing/path.ts';
import type { Sketch } from '../drawing/sketch.ts';
import { drawBlocks } from '../drawing/solid.ts';
import type { DrawFace } from '../drawing/solid.ts';
import { surface } from '../drawing/surface.ts';
import { drawWeave } from '../drawing/texture.ts';

/** A wallpaper of hills under a sun. */
function wallpaper(sketch: Sketch, one: string, two: string): DrawFace {
  const sky = linear(sketch, 90, [
    [0, shade(one, -0.3)],
    [0.55, one],
    [1, shade(two, 0.2)],
  ]);
  return (w, h) =>
    `<rect width="${w}" height="${h}" fill="${sky}"/><circle cx="${w * 0.66}" cy="${h * 0.36}" r="${Math.min(w, h) * 0.17}" fill="#fff3d6" opacity=".92"/>` +
    `<path d="M0,${h * 0.66} C${w * 0.25},${h * 0.46} ${w * 0.45},${h * 0.72} ${w * 0.7},${h * 0.56} S${w},${h * 0.6} ${w},${h * 0.6} V${h} H0 Z" fill="${shade(two, -0.25)}"/>` +
    `<path d="M0,${h * 0.8} C${w * 0.3},${h * 0.66} ${w * 0.6},${h * 0.9} ${w},${h * 0.72} V${h} H0 Z" fill="${shade(two, -0.55)}"/>`;
}

/** A phone: its screen (form 0) or its back with cameras (form 1). */
export const drawPhone: DrawProduct = (sketch, look, pose) => {
  const paper = wallpaper(sketch, look.second, look.accent);
  const icons = (w: number, h: number): string => {
    let markup = '';
    for (let at = 0; at < 4; at += 1)
      markup += `<rect x="${w * (0.1 + at * 0.21)}" y="${h * 0.86}" width="${w * 0.16}" height="${w * 0.16}" rx="${w * 0.045}" fill="${['#ffffff', look.accent, '#f2c14e', '#7ee0a1'][at]}" opacity=".92"/>`;
    return markup;
  };
  const screen: DrawFace = (w, h) =>
    `<svg x="14" y="14" width="${w - 28}" height="${h - 28}"><clipPath id="scr"><rect width="${w - 28}" height="${h - 28}" rx="44"/></clipPath><g clip-path="url(#scr)">${paper(w - 28, h - 28)}${icons(w - 28, h - 28)}<path d="M0,0 H${w * 0.5} L0,${h * 0.66} Z" fill="#fff" opacity=".1"/></g></svg><rect x="${w / 2 - 44}" y="30" width="88" height="22" rx="11" fill="#08090b"/>`;
  const back: DrawFace = (w, h) =>
    `<rect x="8" y="8" width="${w - 16}" height="${h - 16}" rx="50" fill="${linear(sketch, 50, [
      [0, shade(look.main, 0.32)],
      [0.45, look.main],
      [1, shade(look.main, -0.28)],
    ])}"/>` +
    `<rect x="30" y="30" width="170" height="180" rx="44" fill="${shade(look.main, -0.14)}"/>` +
    [
      [78, 78],
      [150, 118],
      [78, 160],
    ]
      .map(
        ([x = 0, y = 0]) =>
          `<circle cx="${x}" cy="${y}" r="36" fill="#15171b"/><circle cx="${x}" cy="${y}" r="24" fill="#23304a"/><circle cx="${x - 8}" cy="${y - 8}" r="8" fill="#9fc0ee"/>`,
      )
      .join('') +
    `<circle cx="${w / 2}" cy="${h * 0.52}" r="36" fill="none" stroke="#fff" stroke-opacity=".5" stroke-width="10"/>`;
  const slice = { size: [390, 800, 0.1] as const, round: 76 };
  const rim = Array.from({ length: 20 }, (_, at) => ({
    ...slice,
    at: [0, 0, at * 2 - 20] as const,
    fill: shade(look.form === 1 ? look.main : '#5b5f68', at === 10 ? 0.35 : -0.35),
  }));
  const face = { ...slice, at: [0, 0, 20] as const };
  drawBlocks(
    sketch,
    [
      ...rim,
      look.form === 1
        ? { ...face, fill: look.main, front: back }
        : { ...face, fill: '#101216', front: screen },
    ],
    pose,
  );
};

/** A camera with a lens. */
export const drawCamera: DrawProduct = (sketch, look, pose) => {
  const leather: DrawFace = (w, h) =>
    `<rect x="0" y="${h * 0.28}" width="${w}" height="${h * 0.56}" fill="${look.second}"/><rect x="0" y="${h * 0.28}" width="${w}" height="${h * 0.56}" fill="${drawWeave(sketch, 'canvas')}"/><rect x="${w * 0.06}" y="${h * 0.08}" width="${w * 0.16}" height="${h * 0.14}" rx="8" fill="#11151b"/>`;
  const at = [500, 540] as const;
  drawBlocks(
    sketch,
    [
      {
        at: [0, -210, 0],
        size: [210, 100, 110],
        fill: look.main,
        round: 30,
        front: (w, h) =>
          `<rect x="${w * 0.24}" y="${h * 0.3}" width="${w * 0.52}" height="${h * 0.46}" rx="8" fill="#1d2530"/>`,
      },
    ],
    pose,
    at,
  );
  drawBlocks(
    sketch,
    [-230, 230].map((x) => ({
      at: [x, -190, 0] as const,
      size: [100, 50, 80] as const,
      fill: '#3c4047',
      round: 20,
    })),
    pose,
    at,
  );
  drawBlocks(
    sketch,
    [
      {
        at: [0, 0, 0],
        size: [700, 360, 130],
        fill: look.main,
        front: leather,
        sides: leather,
        round: 40,
      },
    ],
    pose,
    at,
  );
  const [x, y] = [500 - Math.sin((pose.yaw * Math.PI) / 180) * 70, 560 + pose.pitch];
  const [farX, farY] = [500 - Math.sin((pose.yaw * Math.PI) / 180) * 170, 570 + pose.pitch * 2];
  surface(sketch, oval(x, y, 184), {
    fill: metal(sketch, '#6a6e75', 30),
    edge: 18,
    outline: '#222222',
  });
  for (let step = 0; step <= 8; step += 1) {
    const share = step / 8;
    sketch.add(
      `<circle cx="${x + (farX - x) * share}" cy="${y + (farY - y) * share}" r="${170 - share * 14}" fill="${step % 3 === 2 ? '#3a3d43' : '#1c1e22'}"/>`,
    );
  }
  surface(sketch, oval(farX, farY, 152), { fill: '#111317', edge: 16, outline: look.accent });
  sketch.add(
    `<circle cx="${farX}" cy="${farY}" r="128" fill="none" stroke="${look.accent}" stroke-width="5"/>`,
  );
  surface(sketch, oval(farX, farY, 108), {
    fill: radial(
      sketch,
      [
        [0, '#5f8fd0'],
        [0.3, '#2b3f78'],
        [0.65, '#3d1f57'],
        [1, '#07080c'],
      ],
      [0.42, 0.4, 0.62],
    ),
    edge: 20,
  });
  sketch.add(
    `<ellipse cx="${farX - 36}" cy="${farY - 40}" rx="34" ry="22" fill="#fff" opacity=".75" transform="rotate(-40 ${farX - 36} ${farY - 40})"/><circle cx="${farX + 34}" cy="${farY + 40}" r="11" fill="#fff" opacity=".4"/>`,
  );
};

/** Five rows of keys and a touch pad. */
const drawKeys: DrawFace = (w, h) => {
  let markup = `<rect x="${w * 0.34}" y="${h * 0.66}" width="${w * 0.32}" height="${h * 0.28}" rx="10" fill="#000" opacity=".12"/>`;
  for (let row = 0; row < 5; row += 1)
    for (let column = 0; column < 14; column += 1)
      markup += `<rect x="${w * 0.06 + column * w * 0.063}" y="${h * 0.08 + row * h * 0.108}" width="${w * 0.055}" height="${h * 0.09}" rx="4" fill="#22252a"/>`;
  return markup;
};

/** An open laptop. */
export const drawLaptop: DrawProduct = (sketch, look, pose) => {
  const paper = wallpaper(sketch, look.second, look.accent);
  const screen: DrawFace = (w, h) =>
    `<rect x="10" y="10" width="${w - 20}" height="${h - 20}" rx="14" fill="#0c0e11"/><svg x="24" y="24" width="${w - 48}" height="${h - 56}">${paper(w - 48, h - 56)}<rect x="30" y="30" width="180" height="120" rx="8" fill="#fff" opacity=".88"/><rect x="46" y="52" width="120" height="10" fill="${look.second}"/><rect x="46" y="76" width="140" height="8" fill="#999"/><rect x="46" y="96" width="100" height="8" fill="#999"/></svg><path d="M10,10 H${w * 0.46} L10,${h * 0.8} Z" fill="#fff" opacity=".07"/>`;
  const at = [500, 470] as const;
  drawBlocks(
    sketch,
    [{ at: [0, 0, -150], size: [720, 470, 14], fill: look.main, front: screen, round: 14 }],
    pose,
    at,
  );
  drawBlocks(
    sketch,
    [{ at: [0, 246, 90], size: [730, 26, 480], fill: look.main, top: drawKeys, round: 10 }],
    { yaw: pose.yaw, pitch: pose.pitch + 14 },
    at,
  );
};
