import { describe, expect, test } from '@jest/globals';
import { wholeBox } from '../../src/vision/box-arithmetic.ts';
import type { Pixels } from '../../src/vision/decode/pixels.ts';
import { look, type Eyes } from '../../src/vision/look.ts';
import { openEyes } from '../../src/vision/open-eyes.ts';
import { loadPack } from '../../src/vision/pack/load-pack.ts';
import type { Framing, PictureAnalysis } from '../../src/vision/vision.ts';
import { drawQuarters, quarterPixels, QUARTERS } from '../support/drawn-pictures.ts';
import { makeNetworkPack, type NetworkPackOptions } from '../support/network-pack.ts';

const SIDE = 128;
/** The graph's one sure box is the right half of whatever it sees: of the picture, then of that half. */
const RIGHT_HALF = { x1: 64, y1: 0, x2: 128, y2: 128 };
const SEEN_AGAIN = { x1: 96, y1: 0, x2: 128, y2: 128 };
const LIMITS = { maxBytes: 4e6, minSidePx: 1, maxSidePx: 4096, orientation: 'refuse' } as const;

async function networkEyes(options: NetworkPackOptions = {}): Promise<Eyes> {
  return openEyes(await loadPack(await makeNetworkPack(options)), () => performance.now());
}

function quarters(): Pixels {
  return { widthPx: SIDE, heightPx: SIDE, data: quarterPixels(SIDE) };
}

async function lookAt(eyes: Eyes, framing: Framing): Promise<PictureAnalysis> {
  const picture = await drawQuarters(SIDE).png().toBuffer();
  return look({ picture, framing, limits: LIMITS }, eyes);
}

/** How sure it is of the category that green speaks for. */
async function confidence(wholeWeight: number, framing: Framing): Promise<number> {
  const { categories } = await lookAt(await networkEyes({ wholeWeight }), framing);
  return categories.find(({ id }) => id === 2)?.confidence ?? 0;
}

/** The mean colour of some quarters, as a unit vector. */
function meanOf(which: readonly number[]): readonly number[] {
  const sums = [0, 1, 2].map((c) => which.reduce((sum, q) => sum + (QUARTERS[q]?.[c] ?? 0), 0));
  return sums.map((value) => value / Math.hypot(...sums));
}

describe('a pack whose graph is picture part, category head and detector', () => {
  test('sees the whole picture once, whoever asks for it', async () => {
    const eyes = await networkEyes();
    const expected = await eyes.embedder.embed(quarters(), wholeBox(quarters()));
    const pixels = quarters();
    await eyes.finder.find(pixels);
    // What was seen is remembered: black pixels now would show a second look.
    pixels.data.fill(0);
    expect(await eyes.embedder.embed(pixels, wholeBox(pixels))).toEqual(expected);
    const other = await eyes.embedder.embed(pixels, { x1: 0, y1: 0, x2: 64, y2: 64 });
    expect(other.vector).not.toEqual(expected.vector);
  });

  test('mixes the window seen first with the whole as it says, and looks for the subject in it', async () => {
    const { region, subjects, vector } = await lookAt(await networkEyes(), { kind: 'subject' });
    expect(region).toEqual(SEEN_AGAIN);
    expect(subjects).toEqual([SEEN_AGAIN, RIGHT_HALF]);
    const [part, whole] = [meanOf([1, 3]), meanOf([0, 1, 2, 3])];
    const mixed = part.map((value, i) => value + (whole[i] ?? 0));
    for (const [i, value] of mixed.entries()) {
      expect(vector[i]).toBeCloseTo(value / Math.hypot(...mixed), 2);
    }
  });

  test('takes the whole picture where the detector is not sure', async () => {
    const { region, subjects, vector } = await lookAt(await networkEyes({ minScore: 0.95 }), {
      kind: 'subject',
    });
    expect(subjects).toEqual([]);
    expect(region).toEqual({ x1: 0, y1: 0, x2: SIDE, y2: SIDE });
    for (const [i, value] of meanOf([0, 1, 2, 3]).entries()) {
      expect(vector[i]).toBeCloseTo(value, 2);
    }
  });

  test('tells the category of the window, or of the whole, or of both', async () => {
    const window = await confidence(0, { kind: 'box', box: RIGHT_HALF });
    const whole = await confidence(0, { kind: 'whole' });
    expect(window).toBeGreaterThan(whole + 0.05);
    expect(await confidence(0, { kind: 'subject' })).toBeCloseTo(window, 6);
    expect(await confidence(1, { kind: 'subject' })).toBeCloseTo(whole, 6);
    expect(await confidence(0.5, { kind: 'subject' })).toBeCloseTo((window + whole) / 2, 6);
    expect(await confidence(1, { kind: 'box', box: RIGHT_HALF })).toBeCloseTo(window, 6);
  });
});
