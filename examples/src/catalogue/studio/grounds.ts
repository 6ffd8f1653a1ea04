import { blur, shade } from '../drawing/paint.ts';
import type { Sketch } from '../drawing/sketch.ts';
import { relief } from '../drawing/texture.ts';
import type { Relief } from '../drawing/texture.ts';

/** Paints a band across the whole width. */
export const fill = (sketch: Sketch, paint: string, [top, bottom] = [0, 1000]): void =>
  sketch.add(`<rect x="-10" y="${top}" width="1020" height="${bottom - top}" fill="${paint}"/>`);

/** Lays lit noise over a band. */
export function rough(
  sketch: Sketch,
  noise: Relief,
  [top, bottom, opacity] = [0, 1000, 0.6],
): void {
  sketch.add(
    `<rect x="0" y="${top}" width="1000" height="${bottom - top}" fill="#fff" filter="${relief(sketch, noise)}" style="mix-blend-mode:multiply" opacity="${opacity}"/>`,
  );
}

/** Wooden planks, `step` wide. */
export function drawPlanks(
  sketch: Sketch,
  colour: string,
  [top, bottom]: readonly [number, number],
  step: number,
): void {
  for (let y = top; y < bottom; y += step) {
    fill(sketch, shade(colour, sketch.random.between(-0.14, 0.1)), [y, y + step]);
    sketch.add(`<rect x="-10" y="${y}" width="1020" height="3.5" fill="#000" opacity=".35"/>`);
    const x = sketch.random.between(0, 1000);
    sketch.add(`<rect x="${x}" y="${y}" width="3.5" height="${step}" fill="#000" opacity=".35"/>`);
  }
  rough(sketch, { frequency: [0.003, 0.05], height: 2.4 }, [top, bottom, 0.75]);
}

/** White marble with grey veins. */
export function drawMarble(sketch: Sketch, [top, bottom]: readonly [number, number]): void {
  fill(sketch, '#eeecea', [top, bottom]);
  sketch.group(`filter="${blur(sketch, 5)}"`, () => {
    for (let vein = 0; vein < 9; vein += 1) {
      let path = `M${sketch.random.between(-100, 900)},${top}`;
      for (let y = top; y < bottom; y += 90) {
        path += ` q${sketch.random.between(-80, 140)},45 ${sketch.random.between(-20, 90)},90`;
      }
      sketch.add(
        `<path d="${path}" fill="none" stroke="#7f7d82" stroke-opacity="${sketch.random.between(0.12, 0.4)}" stroke-width="${sketch.random.between(2, 14)}"/>`,
      );
    }
  });
}

/** Lights and leaves out of focus. */
export function drawSpots(sketch: Sketch, colours: readonly string[], bottom: number): void {
  sketch.group(`filter="${blur(sketch, 10)}"`, () => {
    for (let spot = 0; spot < 40; spot += 1) {
      const [x, y] = [sketch.random.between(0, 1000), sketch.random.between(0, bottom)];
      sketch.add(
        `<circle cx="${x}" cy="${y}" r="${sketch.random.between(24, 90)}" fill="${sketch.random.pick(colours)}" opacity="${sketch.random.between(0.2, 0.6)}"/>`,
      );
    }
  });
}

/** The chips of a terrazzo floor. */
export function drawChipsOfStone(sketch: Sketch, [top, bottom]: readonly [number, number]): void {
  for (let chip = 0; chip < 190; chip += 1) {
    const place = `translate(${sketch.random.between(0, 1000)} ${sketch.random.between(top, bottom)}) rotate(${sketch.random.between(0, 360)})`;
    const size = sketch.random.between(5, 19);
    sketch.add(
      `<path transform="${place}" d="M${-size},0 L${-size * 0.3},${-size * 0.8} L${size},${-size * 0.3} L${size * 0.5},${size * 0.7} Z" fill="${sketch.random.pick(['#c9705a', '#5f7d78', '#d8a657', '#59606b', '#b7a89a'])}"/>`,
    );
  }
}
