import sharp, { type Sharp } from 'sharp';

/** Side of the quarters picture, in pixels. */
export const QUARTERS_SIDE = 32;
/** Red, green, blue, grey: upper left, upper right, lower left, lower right. */
export const QUARTERS = [
  [220, 30, 20],
  [20, 180, 40],
  [30, 40, 210],
  [128, 128, 128],
] as const;

/** RGB pixels of the quarters picture. */
export function quarterPixels(side = QUARTERS_SIDE): Uint8Array {
  const half = side / 2;
  const data = new Uint8Array(side * side * 3);
  for (let i = 0; i < side * side; i += 1) {
    const [x, y] = [i % side, Math.floor(i / side)];
    data.set(QUARTERS[Number(x >= half) + 2 * Number(y >= half)] ?? [], i * 3);
  }
  return data;
}

/** The quarters picture, ready to be written in any format that sharp writes. */
export function drawQuarters(side = QUARTERS_SIDE): Sharp {
  return sharp(quarterPixels(side), { raw: { width: side, height: side, channels: 3 } });
}

/** A rectangle of one colour on a field of another, as a JPEG. */
export async function drawSubject(
  size: { readonly width: number; readonly height: number },
  subjects: readonly {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
    readonly colour: string;
  }[],
  background = '#ffffff',
): Promise<Buffer> {
  const layers = subjects.map(({ left, top, width, height, colour }) => ({
    input: { create: { width, height, channels: 3 as const, background: colour } },
    left,
    top,
  }));
  return sharp({ create: { ...size, channels: 3, background } })
    .composite(layers)
    .jpeg({ quality: 90 })
    .toBuffer();
}

interface BitmapOptions {
  readonly depth: 1 | 4 | 8 | 16 | 24 | 32;
  readonly isTopDown?: boolean;
  /** Header of 108 bytes with channel masks, among them one for alpha. */
  readonly hasAlphaMask?: boolean;
  /** Fourth byte of a 32-bit pixel. */
  readonly fourthByte?: number;
  readonly isRunLength?: boolean;
}

/** The quarters picture as BMP, written by hand. */
export function bitmapOf(options: BitmapOptions): Uint8Array {
  const { depth, isTopDown = false, hasAlphaMask = false, isRunLength = false } = options;
  const side = QUARTERS_SIDE;
  const headerLength = hasAlphaMask ? 108 : 40;
  const colours = depth <= 8 ? 2 ** depth : 0;
  const pixels = isRunLength ? runLengthRows(side) : bitmapRows(options, side);
  const offset = 14 + headerLength + colours * 4;
  const bytes = Buffer.alloc(offset + pixels.length);
  bytes.write('BM', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(offset, 10);
  bytes.writeUInt32LE(headerLength, 14);
  bytes.writeInt32LE(side, 18);
  bytes.writeInt32LE(isTopDown ? -side : side, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(depth, 28);
  bytes.writeUInt32LE(hasAlphaMask ? 3 : Number(isRunLength), 30);
  bytes.writeUInt32LE(pixels.length, 34);
  bytes.writeUInt32LE(colours, 46);
  if (hasAlphaMask) {
    for (const [i, mask] of [0x00ff0000, 0x0000ff00, 0x000000ff, 0xff000000].entries()) {
      bytes.writeUInt32LE(mask, 54 + i * 4);
    }
    bytes.write('BGRs', 70, 'latin1');
  }
  const palette = depth === 1 ? [QUARTERS[0], QUARTERS[3]] : depth <= 8 ? QUARTERS : [];
  for (const [i, [r, g, b]] of palette.entries()) {
    bytes.set([b, g, r, 0], 14 + headerLength + i * 4);
  }
  bytes.set(pixels, offset);
  return bytes;
}

function quarterAt(x: number, y: number, side: number): number {
  return Number(x >= side / 2) + 2 * Number(y >= side / 2);
}

function bitmapRows(
  { depth, isTopDown = false, fourthByte = 255 }: BitmapOptions,
  side: number,
): Uint8Array {
  const rowBytes = Math.ceil((side * depth) / 32) * 4;
  const out = new Uint8Array(rowBytes * side);
  for (let row = 0; row < side; row += 1) {
    const y = isTopDown ? row : side - 1 - row;
    for (let x = 0; x < side; x += 1) {
      const quarter = quarterAt(x, y, side);
      const [r, g, b] = QUARTERS[quarter] ?? QUARTERS[0];
      const at = row * rowBytes + (x * depth) / 8;
      if (depth === 32) out.set([b, g, r, fourthByte], at);
      else if (depth === 24) out.set([b, g, r], at);
      else if (depth === 16) out.set(packed555(r, g, b), at);
      else {
        const index = depth === 1 ? Number(quarter === 3) : quarter;
        const shift = 8 - depth - ((x * depth) % 8);
        out[Math.floor(at)] = (out[Math.floor(at)] ?? 0) | (index << shift);
      }
    }
  }
  return out;
}

function packed555(r: number, g: number, b: number): readonly [number, number] {
  const value = ((r >> 3) << 10) | ((g >> 3) << 5) | (b >> 3);
  return [value & 255, value >> 8];
}

/** RLE8: two runs a row, end of line, end of picture. */
function runLengthRows(side: number): Uint8Array {
  const rows = Array.from({ length: side }, (_, row) => {
    const y = side - 1 - row;
    const half = side / 2;
    return [half, quarterAt(0, y, side), half, quarterAt(side - 1, y, side), 0, 0];
  });
  return Uint8Array.from([...rows.flat(), 0, 1]);
}

/** The quarters picture as Netpbm: `P1`–`P6`; the bilevel ones have the lower right quarter in white. */
export function netpbmOf(kind: 1 | 2 | 3 | 4 | 5 | 6, maximum = 255): Uint8Array {
  const side = QUARTERS_SIDE;
  const cells = Array.from({ length: side * side }, (_, i) =>
    quarterAt(i % side, Math.floor(i / side), side),
  );
  const isBilevel = kind === 1 || kind === 4;
  const head = `P${kind}\n# drawn by hand\n${side} ${side}\n${isBilevel ? '' : `${maximum}\n`}`;
  const samples = cells.flatMap((quarter) => {
    const [r, g, b] = QUARTERS[quarter] ?? QUARTERS[0];
    if (isBilevel) return [Number(quarter !== 3)];
    const values = kind === 2 || kind === 5 ? [Math.round(0.3 * r + 0.6 * g + 0.1 * b)] : [r, g, b];
    return values.map((value) => Math.round((value * maximum) / 255));
  });
  if (kind <= 3) return Buffer.from(`${head}${samples.join(' ')}\n`, 'latin1');
  return Buffer.concat([
    Buffer.from(head, 'latin1'),
    binarySamples(samples, { isBilevel, maximum }),
  ]);
}

function binarySamples(
  samples: readonly number[],
  { isBilevel, maximum }: { readonly isBilevel: boolean; readonly maximum: number },
): Buffer {
  if (isBilevel) {
    const bytes = Array.from({ length: samples.length / 8 }, (_, i) =>
      samples.slice(i * 8, i * 8 + 8).reduce((byte, bit) => byte * 2 + bit, 0),
    );
    return Buffer.from(bytes);
  }
  return Buffer.from(
    maximum > 255 ? samples.flatMap((value) => [value >> 8, value & 255]) : samples,
  );
}
