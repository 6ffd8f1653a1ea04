import type { Look } from '../drawing/look.ts';
import type { Sketch } from '../drawing/sketch.ts';
import type { SurfaceOptions } from '../drawing/surface.ts';
import { WRINKLES, drawPrint, drawWeave } from '../drawing/texture.ts';

/** How the cloth of `look` is painted: colour, print, weave and creases. */
export function clothOf(sketch: Sketch, look: Look): SurfaceOptions {
  const layers: string[] = [];
  if (look.print !== undefined)
    layers.push(drawPrint(sketch, look.print, look.second, look.accent));
  if (look.weave !== undefined) layers.push(drawWeave(sketch, look.weave));
  return { fill: look.main, layers, relief: WRINKLES, outline: look.main };
}
