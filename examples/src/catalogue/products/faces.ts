import type { Look } from '../drawing/look.ts';
import type { Sketch } from '../drawing/sketch.ts';
import type { DrawFace } from '../drawing/solid.ts';
import { GRAIN, drawPrint, drawWeave, relief } from '../drawing/texture.ts';

const MULTIPLY = 'style="mix-blend-mode:multiply"';

/** Wood grain over a face. */
export function woodFace(sketch: Sketch): DrawFace {
  const grain = relief(sketch, GRAIN);
  return (width, height) =>
    `<rect width="${width}" height="${height}" fill="#fff" filter="${grain}" ${MULTIPLY} opacity=".7"/>`;
}

/** Cloth, leather or print over a face. */
export function clothFace(sketch: Sketch, look: Look): DrawFace {
  const paints: string[] = [];
  if (look.print !== undefined)
    paints.push(drawPrint(sketch, look.print, look.second, look.accent));
  if (look.weave !== undefined) paints.push(drawWeave(sketch, look.weave));
  return (width, height) =>
    paints
      .map((paint) => `<rect width="${width}" height="${height}" rx="16" fill="${paint}"/>`)
      .join('');
}
