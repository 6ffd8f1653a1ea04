import { describe, expect, test } from '@jest/globals';
import type { Pixels } from '../decode/pixels.ts';
import type { Box } from '../vision.ts';
import { FirstFinder } from './first-finder.ts';
import { PlainBackgroundFinder } from './plain-background-finder.ts';
import type { Subject } from './subject-finder.ts';

const SIDE_PX = 100;
const INSIDE: Box = { x1: 30, y1: 40, x2: 70, y2: 80 };
const AT_THE_EDGE: Box = { x1: 30, y1: 60, x2: 70, y2: 100 };
const ELSEWHERE: Subject = { box: { x1: 0, y1: 0, x2: 40, y2: 40 }, confidence: 0.9 };

/** Something dark on white. */
function pictureOf(box: Box): Pixels {
  const data = new Uint8Array(SIDE_PX ** 2 * 3).fill(255);
  for (let y = box.y1; y < box.y2; y += 1) {
    data.fill(20, (y * SIDE_PX + box.x1) * 3, (y * SIDE_PX + box.x2) * 3);
  }
  return { widthPx: SIDE_PX, heightPx: SIDE_PX, data };
}

async function firstBox(picture: Pixels, seen: readonly Subject[]): Promise<Box | undefined> {
  const finder = new FirstFinder(new PlainBackgroundFinder(), { find: async () => seen });
  const [subject] = await finder.find(picture);
  return subject?.box;
}

describe('FirstFinder', () => {
  test('trusts the rule where the background is plain all around', async () => {
    expect(await firstBox(pictureOf(INSIDE), [ELSEWHERE])).toEqual(INSIDE);
  });

  test('lets the other finder contradict it where something crosses the edge', async () => {
    const picture = pictureOf(AT_THE_EDGE);
    const near = { box: { ...AT_THE_EDGE, y1: 55 }, confidence: 0.9 };
    expect(await firstBox(picture, [ELSEWHERE])).toEqual(ELSEWHERE.box);
    expect(await firstBox(picture, [near])).toEqual(AT_THE_EDGE);
    expect(await firstBox(picture, [])).toEqual(AT_THE_EDGE);
    expect(await firstBox(picture, [{ ...ELSEWHERE, isGuess: true }])).toEqual(AT_THE_EDGE);
  });

  test('leaves a picture without a plain background to the other finder', async () => {
    const data = Uint8Array.from({ length: SIDE_PX ** 2 * 3 }, (_, i) => (i * 7919) % 256);
    const noise = { widthPx: SIDE_PX, heightPx: SIDE_PX, data };
    expect(await firstBox(noise, [ELSEWHERE])).toEqual(ELSEWHERE.box);
    expect(await firstBox(noise, [])).toBeUndefined();
  });
});
