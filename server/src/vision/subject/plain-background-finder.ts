import { areaOf, overlap, rescale, snap, wholeBox } from '../box-arithmetic.ts';
import type { Pixels } from '../decode/pixels.ts';
import { resample } from '../decode/sharp-decoder.ts';
import { MAX_SUBJECTS } from '../limits.ts';
import { fitBackground, type BackgroundPlane } from './background-plane.ts';
import { dilate, findComponents, type Component, type Mask } from './components.ts';
import type { Subject, SubjectFinder } from './subject-finder.ts';

/** Longest side, in pixels, at which the background is judged. */
const MAX_SIDE_PX = 256;
/** Share of the edge that must be near the plane for the background to count as plain. */
const PLAIN_SHARE = 0.75;
/** Share below which the plane may be the sky or the floor of a scene. */
const SURE_SHARE = 0.95;
/** A pixel this far (largest channel difference) from the background's colour is never background. */
const MIN_DISTANCE = 11;
/** Gaps up to this share of the longer side do not part a subject. */
const GAP_SHARE = 0.03;
/** What is smaller than this share of the picture is dust. */
const MIN_AREA_SHARE = 0.002;
/** Components at least this large, compared with the largest, belong to the first box. */
const PARTNER_SHARE = 0.25;
/** Boxes that overlap more are near-duplicates. */
const MAX_OVERLAP = 0.8;
/** What lies in another thing's box with more of its own is part of that thing, as a stone in its ring. */
const MAX_INSIDE = 0.9;

/** Finds what lies on a background of nearly one colour, or of one that changes evenly. */
export class PlainBackgroundFinder implements SubjectFinder {
  async find(pixels: Pixels): Promise<readonly Subject[]> {
    const small = await reduce(pixels);
    const background = fitBackground(small);
    if (background.share < PLAIN_SHARE) return [];
    const mask = maskOf(small, background);
    const radius = Math.round((Math.max(small.widthPx, small.heightPx) * GAP_SHARE) / 2);
    const least = small.widthPx * small.heightPx * MIN_AREA_SHARE;
    const things = findComponents(dilate(mask, radius))
      .map((component) => shrinkToMask(component, mask))
      .filter(({ area }) => area >= least)
      .sort((a, b) => b.area - a.area);
    return rank(things).map(({ box, confidence }) => ({
      box: rescale(snap(box, small), small, pixels),
      confidence,
      ...(background.share < SURE_SHARE && { isDoubtful: true }),
    }));
  }
}

async function reduce(pixels: Pixels): Promise<Pixels> {
  const factor = MAX_SIDE_PX / Math.max(pixels.widthPx, pixels.heightPx);
  if (factor >= 1) return pixels;
  const size = {
    widthPx: Math.max(1, Math.round(pixels.widthPx * factor)),
    heightPx: Math.max(1, Math.round(pixels.heightPx * factor)),
  };
  const data = await resample(pixels, wholeBox(pixels), { ...size, kernel: 'linear' });
  return { ...size, data };
}

/** Where the colour is not the background's. */
function maskOf({ widthPx, heightPx }: Pixels, background: BackgroundPlane): Mask {
  const least = Math.max(MIN_DISTANCE, background.spread * 2);
  return { widthPx, heightPx, data: background.standingOut(least) };
}

/** The box of the mask's own pixels inside a component of the dilated mask, and how many there are. */
function shrinkToMask(component: Component, { widthPx, data }: Mask): Component {
  let [x1, y1, x2, y2, area] = [component.x2, component.y2, component.x1, component.y1, 0];
  for (let y = component.y1; y < component.y2; y += 1) {
    for (let x = component.x1; x < component.x2; x += 1) {
      if (data[y * widthPx + x] === 0) continue;
      area += 1;
      [x1, y1, x2, y2] = [
        Math.min(x1, x),
        Math.min(y1, y),
        Math.max(x2, x + 1),
        Math.max(y2, y + 1),
      ];
    }
  }
  return { x1, y1, x2, y2, area };
}

/**
 * The largest thing and what is nearly as large make the first box (a pair of shoes is one subject);
 * where that joins several, each follows by itself, unless it fills nearly the same box.
 */
function rank(things: readonly Component[]): readonly Subject[] {
  const [largest] = things;
  if (largest === undefined) return [];
  const partners = things.filter(({ area }) => area >= largest.area * PARTNER_SHARE);
  const union = partners.reduce((all, next) => ({
    x1: Math.min(all.x1, next.x1),
    y1: Math.min(all.y1, next.y1),
    x2: Math.max(all.x2, next.x2),
    y2: Math.max(all.y2, next.y2),
    area: all.area + next.area,
  }));
  const others = things.filter(
    (thing, i) =>
      overlap(thing, union) <= MAX_OVERLAP &&
      !things.slice(0, i).some((larger) => holds(larger, thing)),
  );
  return [union, ...others]
    .slice(0, MAX_SUBJECTS)
    .map((thing) => ({ box: thing, confidence: Math.min(1, thing.area / areaOf(thing)) }));
}

function holds(outer: Component, inner: Component): boolean {
  const width = Math.min(outer.x2, inner.x2) - Math.max(outer.x1, inner.x1);
  const height = Math.min(outer.y2, inner.y2) - Math.max(outer.y1, inner.y1);
  return width > 0 && height > 0 && width * height > areaOf(inner) * MAX_INSIDE;
}
