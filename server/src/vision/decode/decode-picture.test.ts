import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import sharp from 'sharp';
import {
  bitmapOf,
  drawQuarters,
  netpbmOf,
  QUARTERS,
  quarterPixels,
  QUARTERS_SIDE,
} from '../../../test/support/drawn-pictures.ts';
import type { PictureLimits } from '../vision.ts';
import { decodePicture } from './decode-picture.ts';
import type { DecodedPicture } from './pixels.ts';

const LIMITS: PictureLimits = {
  maxBytes: 4 * 1024 * 1024,
  minSidePx: 1,
  maxSidePx: 4096,
  orientation: 'refuse',
};
const WHOLE = { kind: 'whole' } as const;
/** Bright blue cannot be printed; a channel taken for its inverse would be off by 200. */
const CMYK_TOLERANCE = 100;
const GREY_QUARTERS = QUARTERS.map(([r, g, b]) => Math.round(0.3 * r + 0.6 * g + 0.1 * b));

function decode(picture: Uint8Array, limits: Partial<PictureLimits> = {}): Promise<DecodedPicture> {
  return decodePicture({ picture, framing: WHOLE, limits: { ...LIMITS, ...limits } });
}

/** The colour in the middle of each quarter: upper left, upper right, lower left, lower right. */
function quarterColours({ pixels }: DecodedPicture): readonly (readonly number[])[] {
  return [0, 1, 2, 3].map((quarter) => {
    const x = Math.floor(pixels.widthPx * (quarter % 2 === 0 ? 0.25 : 0.75));
    const y = Math.floor(pixels.heightPx * (quarter < 2 ? 0.25 : 0.75));
    const at = (y * pixels.widthPx + x) * 3;
    return [...pixels.data.subarray(at, at + 3)];
  });
}

function expectQuarters(
  picture: DecodedPicture,
  colours: readonly (readonly number[])[],
  by = 12,
): void {
  const found = quarterColours(picture);
  const differences = found.flatMap((colour, i) =>
    colour.map((value, c) => Math.abs(value - (colours[i]?.[c] ?? NaN))),
  );
  expect({ found, most: Math.max(...differences) <= by }).toEqual({ found, most: true });
}

const withAlpha = async (): Promise<Buffer> => {
  const rgb = quarterPixels();
  const rgba = Buffer.alloc((rgb.length / 3) * 4);
  for (let i = 0; i < rgb.length / 3; i += 1) {
    rgba.set(rgb.subarray(i * 3, i * 3 + 3), i * 4);
    // The upper left quarter is half transparent, the lower right one wholly.
    const [x, y] = [i % QUARTERS_SIDE, Math.floor(i / QUARTERS_SIDE)];
    const quarter = Number(x >= QUARTERS_SIDE / 2) + 2 * Number(y >= QUARTERS_SIDE / 2);
    rgba[i * 4 + 3] = [128, 255, 255, 0][quarter] ?? 255;
  }
  const raw = { width: QUARTERS_SIDE, height: QUARTERS_SIDE, channels: 4 } as const;
  return sharp(rgba, { raw }).png().toBuffer();
};
const ON_WHITE = [[237, 142, 137], QUARTERS[1], QUARTERS[2], [255, 255, 255]];

const animation = async (format: 'gif' | 'webp'): Promise<Buffer> => {
  const first = await drawQuarters().png().toBuffer();
  const second = await sharp(first).negate().png().toBuffer();
  const both = sharp([first, second], { join: { animated: true } });
  const delay = [100, 100];
  return (format === 'gif' ? both.gif({ delay }) : both.webp({ delay })).toBuffer();
};

describe('decodePicture', () => {
  test.each<[string, string, () => Promise<Uint8Array> | Uint8Array, number?]>([
    ['JPEG', 'jpeg', () => drawQuarters().jpeg({ quality: 95 }).toBuffer()],
    ['progressive JPEG', 'jpeg', () => drawQuarters().jpeg({ progressive: true }).toBuffer()],
    [
      'CMYK JPEG',
      'jpeg',
      () => drawQuarters().toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(),
      CMYK_TOLERANCE,
    ],
    ['PNG', 'png', () => drawQuarters().png().toBuffer()],
    ['palette PNG', 'png', () => drawQuarters().png({ palette: true }).toBuffer()],
    ['16-bit PNG', 'png', () => drawQuarters().toColourspace('rgb16').png().toBuffer()],
    ['GIF', 'gif', () => drawQuarters().gif().toBuffer()],
    ['the first frame of an animated GIF', 'gif', () => animation('gif')],
    ['WEBP', 'webp', () => drawQuarters().webp({ lossless: true }).toBuffer()],
    ['the first frame of an animated WEBP', 'webp', () => animation('webp'), 40],
    ['TIFF', 'tiff', () => drawQuarters().tiff({ compression: 'lzw' }).toBuffer()],
    [
      'CMYK TIFF',
      'tiff',
      () => drawQuarters().toColourspace('cmyk').tiff({ compression: 'lzw' }).toBuffer(),
      CMYK_TOLERANCE,
    ],
    ['BMP of 24 bits', 'bmp', () => bitmapOf({ depth: 24 })],
    ['BMP of 24 bits, top row first', 'bmp', () => bitmapOf({ depth: 24, isTopDown: true })],
    ['BMP of 16 bits', 'bmp', () => bitmapOf({ depth: 16 })],
    ['BMP of 8 bits', 'bmp', () => bitmapOf({ depth: 8 })],
    ['BMP of 4 bits', 'bmp', () => bitmapOf({ depth: 4 })],
    ['BMP with run lengths', 'bmp', () => bitmapOf({ depth: 8, isRunLength: true })],
    ['BMP of 32 bits, the fourth unused', 'bmp', () => bitmapOf({ depth: 32, fourthByte: 0 })],
    ['BMP of 32 bits, opaque alpha', 'bmp', () => bitmapOf({ depth: 32, hasAlphaMask: true })],
    ['PPM as text', 'ppm', () => netpbmOf(3)],
    ['PPM', 'ppm', () => netpbmOf(6)],
    ['PPM of 16 bits', 'ppm', () => netpbmOf(6, 65_535)],
  ])('decodes %s', async (_, format, make, tolerance = 12) => {
    const picture = await decode(await make());
    expect(picture).toMatchObject({ format, widthPx: QUARTERS_SIDE, heightPx: QUARTERS_SIDE });
    expect(picture.pixels.data).toHaveLength(QUARTERS_SIDE ** 2 * 3);
    expectQuarters(picture, QUARTERS, tolerance);
  });

  test.each<[string, () => Promise<Uint8Array> | Uint8Array]>([
    ['JPEG', () => drawQuarters().greyscale().jpeg({ quality: 95 }).toBuffer()],
    ['PNG', () => drawQuarters().greyscale().png().toBuffer()],
    ['16-bit PNG', () => drawQuarters().toColourspace('grey16').png().toBuffer()],
    ['TIFF', () => drawQuarters().greyscale().tiff().toBuffer()],
    ['PGM as text', () => netpbmOf(2)],
    ['PGM', () => netpbmOf(5)],
    ['PGM of 16 bits', () => netpbmOf(5, 65_535)],
  ])('decodes grey %s to three equal channels', async (_, make) => {
    const picture = await decode(await make());
    expectQuarters(
      picture,
      GREY_QUARTERS.map((value) => [value, value, value]),
      45,
    );
    expect(quarterColours(picture).every(([r, g, b]) => r === g && g === b)).toBe(true);
  });

  test.each<[string, () => Uint8Array, readonly number[], readonly number[]]>([
    ['PBM as text', () => netpbmOf(1), [0, 0, 0], [255, 255, 255]],
    ['PBM', () => netpbmOf(4), [0, 0, 0], [255, 255, 255]],
    ['BMP of 1 bit', () => bitmapOf({ depth: 1 }), QUARTERS[0], QUARTERS[3]],
  ])('decodes bilevel %s', async (_, make, dark, light) => {
    expectQuarters(await decode(make()), [dark, dark, dark, light], 1);
  });

  test.each<[string, () => Promise<Uint8Array> | Uint8Array]>([
    ['PNG', withAlpha],
    [
      'WEBP',
      async () =>
        sharp(await withAlpha())
          .webp({ lossless: true })
          .toBuffer(),
    ],
    [
      'TIFF',
      async () =>
        sharp(await withAlpha())
          .tiff({ compression: 'lzw' })
          .toBuffer(),
    ],
    [
      '16-bit PNG',
      async () =>
        sharp(await withAlpha())
          .toColourspace('rgb16')
          .png()
          .toBuffer(),
    ],
  ])('lays transparent %s on white', async (_, make) => {
    expectQuarters(await decode(await make()), ON_WHITE);
  });

  test('lays a transparent BMP on white', async () => {
    const bytes = bitmapOf({ depth: 32, hasAlphaMask: true, fourthByte: 0 });
    const white = [255, 255, 255];
    expectQuarters(await decode(bytes), [white, white, white, white], 1);
  });

  test.each([
    [100, 80],
    [1500, 1024],
    [4096, 3000],
  ])('keeps the size of a %i × %i picture while it reduces the pixels', async (width, height) => {
    const bytes = await drawQuarters().resize(width, height, { fit: 'fill' }).jpeg().toBuffer();
    const picture = await decode(bytes);
    expect(picture).toMatchObject({ widthPx: width, heightPx: height });
    expect(Math.min(picture.pixels.widthPx, picture.pixels.heightPx)).toBeLessThanOrEqual(1023);
    expectQuarters(picture, QUARTERS);
  });

  test.each([
    ['AVIF', 'AAAAIGZ0eXBhdmlm'],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64')],
    ['PSD', 'OEJQUwABAAAAAAAAAAMAAAAB'],
    ['ICO', 'AAABAAEAEBAAAAEAIABoBAAA'],
    ['JPEG 2000', 'AAAADGpQICANCocKAAAAFGZ0eXBqcDIg'],
    ['PDF', 'JVBERi0xLjcKJeLjz9MK'],
    ['PAM', Buffer.from('P7\nWIDTH 1\nHEIGHT 1\n').toString('base64')],
    ['a text', 'aGVsbG8gd29ybGQ='],
    ['one byte', '/w=='],
  ])('refuses %s', async (_, base64) => {
    await expect(decode(Buffer.from(base64, 'base64'))).rejects.toMatchObject({
      code: 'UnsupportedPicFormat',
    });
  });

  test.each<[string, () => Promise<Buffer>]>([
    ['JPEG', () => drawQuarters().resize(200).jpeg().toBuffer()],
    ['PNG', () => drawQuarters().resize(200).png({ compressionLevel: 0 }).toBuffer()],
    ['GIF', () => drawQuarters().resize(200).gif().toBuffer()],
    ['WEBP', () => drawQuarters().resize(200).webp({ lossless: true }).toBuffer()],
    ['TIFF', () => drawQuarters().resize(200).tiff({ compression: 'lzw' }).toBuffer()],
    ['BMP', async () => Buffer.from(bitmapOf({ depth: 24 }))],
    ['PPM', async () => Buffer.from(netpbmOf(6))],
  ])('refuses a truncated %s', async (_, make) => {
    const bytes = await make();
    await expect(decode(bytes.subarray(0, bytes.length * 0.6))).rejects.toMatchObject({
      code: 'UnsupportedPicFormat',
    });
  });

  test('checks the size that the header tells before it decodes', async () => {
    const png = await drawQuarters().png().toBuffer();
    png.writeUInt32BE(60_000, 16);
    const bmp = Buffer.from(bitmapOf({ depth: 24 }));
    bmp.writeInt32LE(30_000, 18);
    const ppm = Buffer.from('P6 99999 99999 255\n');
    for (const bomb of [bmp, ppm]) {
      await expect(decode(bomb)).rejects.toMatchObject({ code: 'UnsupportedPicPixels' });
    }
    // The CRC of the PNG's header no longer fits, or its size is over: refused either way.
    await expect(decode(png)).rejects.toMatchObject({ status: 400 });
  });

  test('refuses a header that promises more than there is', async () => {
    const bmp = Buffer.from(bitmapOf({ depth: 24 }));
    bmp.writeInt32LE(2000, 18);
    for (const lie of [bmp, Buffer.from('P6 900 900 255\nabc')]) {
      await expect(decode(lie)).rejects.toMatchObject({ code: 'UnsupportedPicFormat' });
    }
  });

  test.each([
    ['too small', { minSidePx: QUARTERS_SIDE + 1 }],
    ['too large', { maxSidePx: QUARTERS_SIDE - 1 }],
  ])('refuses a picture that is %s', async (_, limits) => {
    for (const bytes of [
      await drawQuarters().png().toBuffer(),
      bitmapOf({ depth: 24 }),
      netpbmOf(5),
    ]) {
      await expect(decode(bytes, limits)).rejects.toMatchObject({ code: 'UnsupportedPicPixels' });
    }
  });

  test('refuses nothing at all and too many bytes', async () => {
    const bytes = await drawQuarters().png().toBuffer();
    await expect(decode(new Uint8Array())).rejects.toMatchObject({ code: 'InvalidPicContent' });
    await expect(decode(bytes, { maxBytes: bytes.length - 1 })).rejects.toMatchObject({
      code: 'InvalidPicContent',
    });
    await expect(decode(bytes, { maxBytes: bytes.length })).resolves.toBeDefined();
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('handles EXIF orientation %i', async (orientation) => {
    const bytes = await drawQuarters()
      .resize(40, 20, { fit: 'fill' })
      .withMetadata({ orientation })
      .jpeg({ quality: 95 })
      .toBuffer();
    const refused = decode(bytes);
    if (orientation === 1)
      await expect(refused).resolves.toMatchObject({ widthPx: 40, heightPx: 20 });
    else await expect(refused).rejects.toMatchObject({ code: 'IncorrectOrientation' });
    const upright = await decode(bytes, { orientation: 'apply' });
    const isSideways = orientation >= 5;
    expect(upright).toMatchObject({
      widthPx: isSideways ? 20 : 40,
      heightPx: isSideways ? 40 : 20,
    });
    // Where the stored quarters 0–3 go, row by row, for each orientation of the EXIF standard.
    const order =
      ['0123', '1032', '3210', '2301', '0213', '2031', '3120', '1302'][orientation - 1] ?? '';
    expectQuarters(
      upright,
      order.split('').map((quarter) => QUARTERS[Number(quarter)] ?? []),
      25,
    );
  });

  test.each([
    ['wider than the picture', { x1: 0, y1: 0, x2: 33, y2: 32 }],
    ['higher than the picture', { x1: 0, y1: 0, x2: 32, y2: 33 }],
    ['empty', { x1: 5, y1: 0, x2: 5, y2: 32 }],
    ['turned around', { x1: 20, y1: 0, x2: 5, y2: 32 }],
    ['negative', { x1: -1, y1: 0, x2: 5, y2: 32 }],
    ['of no whole pixels', { x1: 0.5, y1: 0, x2: 5, y2: 32 }],
  ])('refuses a region that is %s', async (_, box) => {
    const picture = await drawQuarters().png().toBuffer();
    await expect(
      decodePicture({ picture, framing: { kind: 'box', box }, limits: LIMITS }),
    ).rejects.toMatchObject({ code: 'InvalidRegion' });
  });

  test('answers any damaged file, and none with a bug', async () => {
    const originals = [
      await drawQuarters().jpeg().toBuffer(),
      await drawQuarters().png().toBuffer(),
      await drawQuarters().gif().toBuffer(),
      await drawQuarters().webp().toBuffer(),
      await drawQuarters().tiff().toBuffer(),
      Buffer.from(bitmapOf({ depth: 8, isRunLength: true })),
      Buffer.from(bitmapOf({ depth: 32, hasAlphaMask: true })),
      Buffer.from(netpbmOf(6)),
      Buffer.from(netpbmOf(1)),
    ];
    const damage = fc.record({
      original: fc.constantFrom(...originals),
      edits: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      length: fc.double({ min: 0.05, max: 1, noNaN: true }),
    });
    const isProof = process.env['LIKENESS_PROVE'] !== undefined;
    await fc.assert(
      fc.asyncProperty(damage, async ({ original, edits, length }) => {
        const bytes = Buffer.from(original.subarray(0, Math.ceil(original.length * length)));
        for (const [at, value] of edits) bytes[at % bytes.length] = value;
        const outcome = await decode(bytes).catch((error: unknown) => error);
        expect(outcome).toMatchObject(
          outcome instanceof Error ? { status: 400 } : { pixels: expect.anything() },
        );
      }),
      { seed: 20_261_121, numRuns: isProof ? 5000 : 200 },
    );
  });
});
