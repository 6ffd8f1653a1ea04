/** Sides of the squares that thumbnails fit into, in pixels. Few, so that each picture is reduced few times. */
export const THUMBNAIL_SIDES_PX = [160, 320, 640, 1280] as const;

/** The side that is kept for a side that is wished: the next larger, or the largest. */
export function chooseThumbnailSide(wishedPx: number): number {
  return THUMBNAIL_SIDES_PX.find((side) => side >= wishedPx) ?? Math.max(...THUMBNAIL_SIDES_PX);
}
