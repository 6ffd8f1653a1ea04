/** Pixels that sharp takes: three bytes each, rows from the top. */
export interface PlainPicture {
  readonly data: Buffer;
  readonly raw: { readonly width: number; readonly height: number; readonly channels: 3 };
}

/** Reads the plain formats that sharp does not: binary PPM, and BMP of 24 or 32 bits; undefined for any other file. */
export function readPlainPicture(file: Buffer): PlainPicture | undefined {
  const magic = file.toString('latin1', 0, 2);
  if (magic === 'P6') return readPpm(file);
  return magic === 'BM' ? readBmp(file) : undefined;
}

/** `P6`, width, height and 255, apart by white space, with comments from `#` to the line's end; then the pixels. */
function readPpm(file: Buffer): PlainPicture | undefined {
  const space = '(?:\\s|#[^\\n]*\\n)+';
  const header = new RegExp(`^P6${space}(\\d+)${space}(\\d+)${space}255\\s`);
  const [whole = '', width, height] = header.exec(file.toString('latin1', 0, 512)) ?? [];
  if (width === undefined || height === undefined) return undefined;
  const data = file.subarray(whole.length);
  return { data, raw: { width: Number(width), height: Number(height), channels: 3 } };
}

const UNCOMPRESSED = 0;

function readBmp(file: Buffer): PlainPicture | undefined {
  const [start, width, tall] = [file.readUInt32LE(10), file.readInt32LE(18), file.readInt32LE(22)];
  const bytes = file.readUInt16LE(28) / 8;
  if (![3, 4].includes(bytes) || file.readUInt32LE(30) !== UNCOMPRESSED) return undefined;
  const height = Math.abs(tall);
  const rowBytes = Math.ceil((width * bytes) / 4) * 4;
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    // A positive height means that the rows run from the bottom up.
    const row = start + (tall > 0 ? height - 1 - y : y) * rowBytes;
    for (let x = 0; x < width; x += 1) {
      const to = (y * width + x) * 3;
      for (let channel = 0; channel < 3; channel += 1) {
        data[to + channel] = file[row + x * bytes + 2 - channel] ?? 0;
      }
    }
  }
  return { data, raw: { width, height, channels: 3 } };
}
