import { snap } from '../box-arithmetic.ts';
import type { WindowSpec } from '../pack/pack-schema.ts';
import type { Box } from '../vision.ts';

/**
 * The part of a picture that is embedded for a box. A tight box loses what is around the subject and
 * stretches it; the window keeps some of both, as the pack says.
 */
export function embeddingWindow(
  box: Box,
  spec: WindowSpec,
  picture: { readonly widthPx: number; readonly heightPx: number },
): Box {
  let width = (box.x2 - box.x1) * spec.scale;
  let height = (box.y2 - box.y1) * spec.scale;
  if (spec.aspect === 'picture') {
    const share = Math.max(width / picture.widthPx, height / picture.heightPx);
    [width, height] = [share * picture.widthPx, share * picture.heightPx];
  }
  const [x1, x2] = slide((box.x1 + box.x2) / 2, width, picture.widthPx);
  const [y1, y2] = slide((box.y1 + box.y2) / 2, height, picture.heightPx);
  return snap({ x1, y1, x2, y2 }, picture);
}

/** An interval about `middle`, moved inwards where it would leave the picture. */
function slide(middle: number, length: number, limit: number): readonly [number, number] {
  const within = Math.min(length, limit);
  const start = Math.min(Math.max(middle - within / 2, 0), limit - within);
  return [start, start + within];
}
