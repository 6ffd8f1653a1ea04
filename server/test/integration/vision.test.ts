import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { createVision } from '../../src/vision/create-vision.ts';
import { overlap } from '../../src/vision/box-arithmetic.ts';
import type { Framing, PictureLimits, Vision } from '../../src/vision/vision.ts';
import {
  bitmapOf,
  drawQuarters,
  drawSubject,
  netpbmOf,
  QUARTERS,
} from '../support/drawn-pictures.ts';
import { alterPack, EMBEDDED_PACK } from '../support/model-packs.ts';

const LIMITS: PictureLimits = {
  maxBytes: 4 * 1024 * 1024,
  minSidePx: 100,
  maxSidePx: 4096,
  orientation: 'refuse',
};
const SUBJECT = { kind: 'subject' } as const;
const WHOLE = { kind: 'whole' } as const;

function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0);
}

/** Processes of this one that run the worker script. */
function workerPids(): readonly number[] {
  const listed = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], {
    encoding: 'utf8',
  });
  return listed
    .split('\n')
    .filter((line) => line.includes('vision.worker.js'))
    .map((line) => Number.parseInt(line, 10));
}

describe('createVision with the embedded pack', () => {
  let vision: Vision;
  const analyze = (picture: Uint8Array, framing: Framing = WHOLE) =>
    vision.analyze({ picture, framing, limits: LIMITS });
  beforeAll(async () => {
    vision = await createVision({ packFolder: EMBEDDED_PACK, workers: 2 });
  });
  afterAll(() => vision.close());

  test('looks at the whole picture', async () => {
    const picture = await drawQuarters(200).png().toBuffer();
    const analysis = await analyze(picture);
    expect(analysis).toMatchObject({
      widthPx: 200,
      heightPx: 200,
      format: 'png',
      region: { x1: 0, y1: 0, x2: 200, y2: 200 },
      subjects: [],
    });
    expect(analysis.categories.length > 0).toBe(vision.pack.predictsCategories);
    expect(analysis.vector).toHaveLength(vision.pack.dims);
    expect(cosine(analysis.vector, analysis.vector)).toBeCloseTo(1, 5);
  });

  test('gives bitwise equal vectors for identical bytes, whichever worker looks', async () => {
    const picture = await drawQuarters(300).jpeg().toBuffer();
    const looks = await Promise.all(Array.from({ length: 12 }, () => analyze(picture, SUBJECT)));
    const vectors = new Set(looks.map(({ vector }) => Buffer.from(vector.buffer).toString('hex')));
    expect(vectors.size).toBe(1);
  });

  test.each([
    ['a large JPEG', () => drawQuarters(900).jpeg().toBuffer(), 160],
    ['a small PNG, which is not enlarged', () => drawQuarters(100).png().toBuffer(), 100],
    ['a bitmap', async () => bitmapOf({ depth: 24 }), 32],
    ['a Netpbm', async () => netpbmOf(6), 32],
  ])('makes a thumbnail of %s', async (_, draw, sidePx) => {
    const webp = await vision.renderThumbnail({ picture: await draw(), sidePx: 160 });
    const { data, info } = await sharp(webp).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: sidePx, height: sidePx, channels: 3 });
    const [red = 0, green = 0] = data;
    expect([Math.abs(red - QUARTERS[0][0]) < 20, Math.abs(green - QUARTERS[0][1]) < 20]).toEqual([
      true,
      true,
    ]);
  });

  test('a thumbnail stands upright, and carries nothing beside its pixels', async () => {
    const picture = await sharp(
      await drawQuarters(400).resize(400, 200, { fit: 'fill' }).toBuffer(),
      {
        raw: { width: 400, height: 200, channels: 3 },
      },
    )
      .withExif({ IFD0: { Copyright: 'secret-place' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const webp = await vision.renderThumbnail({ picture, sidePx: 160 });
    const { width, height, exif } = await sharp(webp).metadata();
    expect({ width, height, exif }).toEqual({ width: 80, height: 160, exif: undefined });
  });

  test('refuses a thumbnail of what is no picture', async () => {
    const picture = Buffer.from('GIF89a and then nothing');
    await expect(vision.renderThumbnail({ picture, sidePx: 160 })).rejects.toMatchObject({
      code: 'UnsupportedPicFormat',
    });
  });

  test('knows a copy from another picture', async () => {
    const scene = drawSubject({ width: 400, height: 300 }, [
      { left: 60, top: 40, width: 120, height: 200, colour: '#c03020' },
      { left: 220, top: 100, width: 90, height: 90, colour: '#2040c0' },
    ]);
    const original = await analyze(await scene);
    const copy = await analyze(
      await sharp(await scene)
        .resize(200)
        .webp({ quality: 40 })
        .toBuffer(),
    );
    const other = await analyze(await drawQuarters(300).jpeg().toBuffer());
    expect(cosine(original.vector, copy.vector)).toBeGreaterThan(0.95);
    expect(cosine(original.vector, other.vector)).toBeLessThan(0.6);
  });

  test.each([
    ['on white', '#ffffff'],
    ['on grey', '#8a8d90'],
    ['on a strong colour', '#e8b020'],
  ])('finds a subject %s', async (_, background) => {
    const size = { width: 400, height: 500 };
    const truth = { x1: 130, y1: 90, x2: 290, y2: 420 };
    const thing = { left: 130, top: 90, width: 160, height: 330, colour: '#203050' };
    const { region, subjects } = await analyze(
      await drawSubject(size, [thing], background),
      SUBJECT,
    );
    expect(overlap(region, truth)).toBeGreaterThan(0.95);
    expect(subjects).toEqual([region]);
  });

  test('finds a subject before a wall that is lit from one side', async () => {
    const [width, height] = [400, 300];
    const wall = new Uint8Array(width * height * 3).map((_, i) => {
      const pixel = Math.floor(i / 3);
      return 240 - 60 * ((pixel % width) / width) - 10 * (Math.floor(pixel / width) / height);
    });
    const thing = {
      create: { width: 120, height: 150, channels: 3 as const, background: '#305030' },
    };
    const picture = await sharp(wall, { raw: { width, height, channels: 3 } })
      .composite([{ input: thing, left: 150, top: 80 }])
      .jpeg()
      .toBuffer();
    const { region } = await analyze(picture, SUBJECT);
    expect(overlap(region, { x1: 150, y1: 80, x2: 270, y2: 230 })).toBeGreaterThan(0.9);
  });

  test('finds several subjects: all together first, then each, the larger first', async () => {
    const picture = await drawSubject({ width: 600, height: 300 }, [
      { left: 40, top: 60, width: 150, height: 180, colour: '#802010' },
      { left: 400, top: 90, width: 140, height: 130, colour: '#105080' },
    ]);
    const { subjects } = await analyze(picture, SUBJECT);
    const truths = [
      { x1: 40, y1: 60, x2: 540, y2: 240 },
      { x1: 40, y1: 60, x2: 190, y2: 240 },
      { x1: 400, y1: 90, x2: 540, y2: 220 },
    ];
    expect(subjects).toHaveLength(3);
    for (const [i, truth] of truths.entries()) {
      expect(overlap(subjects[i] ?? truth, truth)).toBeGreaterThan(0.9);
    }
  });

  test('tells at most 8 of many subjects, and none that is part of another', async () => {
    const many = Array.from({ length: 10 }, (_, i) => ({
      left: 20 + (i % 5) * 120,
      top: 30 + Math.floor(i / 5) * 150,
      width: 60 + i,
      height: 90,
      colour: '#105080',
    }));
    const row = await analyze(await drawSubject({ width: 620, height: 320 }, many), SUBJECT);
    expect(row.subjects).toHaveLength(8);
    for (const [i, box] of row.subjects.entries()) {
      const later = row.subjects.slice(i + 1);
      expect(later.every((other) => overlap(box, other) < 0.8)).toBe(true);
    }
    const frame = [
      { left: 100, top: 50, width: 300, height: 20, colour: '#202020' },
      { left: 100, top: 230, width: 300, height: 20, colour: '#202020' },
      { left: 100, top: 50, width: 20, height: 200, colour: '#202020' },
      { left: 380, top: 50, width: 20, height: 200, colour: '#202020' },
      { left: 220, top: 130, width: 60, height: 40, colour: '#a02020' },
    ];
    const framed = await analyze(await drawSubject({ width: 500, height: 300 }, frame), SUBJECT);
    expect(framed.subjects).toHaveLength(1);
  });

  test.each([
    ['a tall strip', { width: 120, height: 960 }],
    ['a wide strip', { width: 960, height: 120 }],
    ['the smallest picture', { width: 100, height: 100 }],
  ])('looks at %s, whole, by its subject and by a box of one pixel', async (_, size) => {
    const { width, height } = size;
    const thing = { left: width / 4, top: height / 4, width: width / 2, height: height / 2 };
    const picture = await drawSubject(size, [{ ...thing, colour: '#205020' }]);
    const framings: readonly Framing[] = [
      WHOLE,
      SUBJECT,
      { kind: 'box', box: { x1: width - 1, y1: height - 1, x2: width, y2: height } },
    ];
    for (const framing of framings) {
      const { vector, region } = await analyze(picture, framing);
      expect(cosine(vector, vector)).toBeCloseTo(1, 5);
      expect([region.x2 <= width, region.y2 <= height]).toEqual([true, true]);
    }
  });

  test.each(['#ffffff', '#d02040'])('takes the whole of an empty picture (%s)', async (colour) => {
    const { region, subjects } = await analyze(
      await drawSubject({ width: 300, height: 200 }, [], colour),
      SUBJECT,
    );
    expect(region).toEqual({ x1: 0, y1: 0, x2: 300, y2: 200 });
    expect(subjects).toEqual([]);
  });

  test('keeps its region in pixels of the picture as sent when that is large', async () => {
    const thing = { left: 1000, top: 600, width: 1500, height: 1200, colour: '#205020' };
    const picture = await drawSubject({ width: 4000, height: 2400 }, [thing]);
    const { region } = await analyze(picture, SUBJECT);
    expect(overlap(region, { x1: 1000, y1: 600, x2: 2500, y2: 1800 })).toBeGreaterThan(0.95);
  });

  test('embeds the box it is given', async () => {
    const size = { width: 600, height: 300 };
    const things = [
      { left: 40, top: 60, width: 200, height: 180, colour: '#802010' },
      { left: 380, top: 60, width: 200, height: 180, colour: '#105080' },
    ];
    const both = await drawSubject(size, things);
    const box = { x1: 40, y1: 60, x2: 240, y2: 240 };
    const given = await analyze(both, { kind: 'box', box });
    expect(given.region).toEqual(box);
    const other = await analyze(both, { kind: 'box', box: { x1: 380, y1: 60, x2: 580, y2: 240 } });
    expect(cosine(given.vector, other.vector)).toBeLessThan(0.8);
    await expect(
      analyze(both, { kind: 'box', box: { x1: 0, y1: 0, x2: 601, y2: 10 } }),
    ).rejects.toMatchObject({ code: 'InvalidRegion' });
  });

  test.each<[string, () => Promise<Uint8Array>, string]>([
    ['too small a picture', () => drawQuarters(64).png().toBuffer(), 'UnsupportedPicPixels'],
    ['no picture', async () => Buffer.from('no picture'), 'UnsupportedPicFormat'],
    ['nothing', async () => new Uint8Array(), 'InvalidPicContent'],
    ['an AVIF', async () => drawQuarters(200).avif().toBuffer(), 'UnsupportedPicFormat'],
    [
      'a turned picture',
      () => drawQuarters(200).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
      'IncorrectOrientation',
    ],
  ])('refuses %s', async (_, make, code) => {
    await expect(analyze(await make())).rejects.toMatchObject({ code, status: 400 });
  });

  test.each(['SIGKILL', 'SIGSEGV'] as const)(
    'goes on when a worker dies by %s amid a look',
    async (signal) => {
      const picture = await drawQuarters().resize(3000).png().toBuffer();
      const looks = Promise.allSettled(Array.from({ length: 8 }, () => analyze(picture, SUBJECT)));
      const [victim = 0] = workerPids();
      process.kill(victim, signal);
      const outcomes = await looks;
      const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(failed).toMatchObject([{ reason: { code: 'InternalError' } }]);
      await expect(analyze(picture)).resolves.toMatchObject({ widthPx: 3000 });
    },
  );

  test('keeps answering while it is fed rubbish', async () => {
    const good = await drawQuarters(200).jpeg().toBuffer();
    const before = workerPids();
    const rubbish = Array.from({ length: 60 }, (_, i) => {
      const bytes = Buffer.from(good);
      for (let k = 0; k < 5; k += 1)
        bytes[(i * 7919 + k * 104_729) % bytes.length] = (i * 31 + k) % 256;
      return analyze(bytes.subarray(0, bytes.length - (i % 3) * 40)).catch(
        (error: { code: string }) => error.code,
      );
    });
    const answers = await Promise.all(rubbish);
    expect(answers).not.toContain('InternalError');
    expect(new Set(workerPids())).toEqual(new Set(before));
    await expect(analyze(good)).resolves.toBeDefined();
  });
});

describe('createVision with a bad pack', () => {
  test.each<[string, () => Promise<string>, RegExp]>([
    ['is not there', async () => '/nowhere/at/all', /cannot read "pack.json"/],
    [
      'has an unknown field',
      () => alterPack((manifest) => ({ ...manifest, colour: 'red' })),
      /Unrecognized key: "colour"/,
    ],
    [
      'has another file than its manifest says',
      () =>
        alterPack((manifest) => {
          const [name = ''] = Object.keys(manifest.files);
          manifest.files = { ...manifest.files, [name]: { sha256: '0'.repeat(64) } };
        }),
      /" is not the file of the pack/,
    ],
    [
      'tells wrong dimensions',
      () =>
        alterPack((manifest) => {
          manifest.dims = 17;
        }),
      /dims is 17, its parts have/,
    ],
    [
      'has a calibration that falls',
      () =>
        alterPack((manifest) => {
          manifest.calibration = {
            picture: [
              [-1, 0],
              [0.5, 0.6],
              [0.4, 0.7],
              [1, 1],
            ],
          };
        }),
      /knots rise strictly/,
    ],
    [
      'names a file outside of its folder',
      () =>
        alterPack((manifest) => ({
          ...manifest,
          files: { '../x.onnx': { sha256: '0'.repeat(64) } },
        })),
      /pack\.json/,
    ],
  ])('refuses a pack that %s', async (_, make, message) => {
    await expect(createVision({ packFolder: await make(), workers: 1 })).rejects.toThrow(message);
  });
});
