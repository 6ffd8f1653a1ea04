/** A rectangle of whole pixels: `x1 <= x < x2`, `y1 <= y < y2`, origin at the upper left. */
export interface Region {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** Up to six digits a side: no picture is larger. */
const REGION = /^\s*(\d{1,6})\s*,\s*(\d{1,6})\s*,\s*(\d{1,6})\s*,\s*(\d{1,6})\s*$/u;

/**
 * Reads `x1,x2,y1,y2`: mind the order, both x first.
 *
 * Undefined unless it is four whole numbers that span at least one pixel. Whether it lies inside its
 * picture is for the one to say who has the picture.
 */
export function parseRegion(text: string): Region | undefined {
  const [x1, x2, y1, y2] = (REGION.exec(text) ?? []).slice(1).map(Number);
  if (x1 === undefined || x2 === undefined || y1 === undefined || y2 === undefined)
    return undefined;
  return x1 < x2 && y1 < y2 ? { x1, y1, x2, y2 } : undefined;
}

/** Writes `x1,x2,y1,y2`. */
export function formatRegion({ x1, y1, x2, y2 }: Region): string {
  return [x1, x2, y1, y2].join(',');
}
