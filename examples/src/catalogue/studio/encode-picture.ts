import sharp from 'sharp';

import { rawOf } from './raster.ts';
import type { Raster } from './raster.ts';

/** Every format the server reads. */
export type PictureFormat = 'jpg' | 'png' | 'webp' | 'gif' | 'tiff' | 'bmp' | 'ppm';

/** The picture in a file of `format`; also the ending of its name. */
export async function encodePicture(raster: Raster, format: PictureFormat): Promise<Uint8Array> {
  const image = sharp(raster.data, rawOf(raster)).flatten({ background: '#ffffff' });
  switch (format) {
    case 'jpg':
      return image.jpeg({ quality: 74, mozjpeg: true }).toBuffer();
    case 'png':
      return image.png({ palette: true, colours: 128, effort: 9 }).toBuffer();
    case 'webp':
      return image.webp({ quality: 72, effort: 5 }).toBuffer();
    case 'gif':
      return image.gif({ colours: 96, effort: 9 }).toBuffer();
    case 'tiff':
      return image.tiff({ compression: 'deflate', predictor: 'horizontal' }).toBuffer();
    case 'bmp':
      return encodeBmp(raster);
    case 'ppm':
      return encodePpm(raster);
  }
}

const BMP_HEADER_BYTES = 54;
const BMP_INFO_BYTES = 40;
const PIXELS_PER_METRE = 2835;

/**
 * A Windows bitmap: BITMAPFILEHEADER (14 bytes), BITMAPINFOHEADER (40), rows from the bottom up, blue green red, each
 * row filled up to four bytes.
 */
function encodeBmp({ width, height, data }: Raster): Uint8Array {
  const rowBytes = Math.ceil((width * 3) / 4) * 4;
  const file = Buffer.alloc(BMP_HEADER_BYTES + rowBytes * height);
  file.write('BM', 0, 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(BMP_HEADER_BYTES, 10);
  file.writeUInt32LE(BMP_INFO_BYTES, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  file.writeUInt32LE(rowBytes * height, 34);
  file.writeInt32LE(PIXELS_PER_METRE, 38);
  file.writeInt32LE(PIXELS_PER_METRE, 42);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = ((height - 1 - y) * width + x) * 4;
      const to = BMP_HEADER_BYTES + y * rowBytes + x * 3;
      file[to] = data[from + 2] ?? 0;
      file[to + 1] = data[from + 1] ?? 0;
      file[to + 2] = data[from] ?? 0;
    }
  }
  return file;
}

/** A binary portable pixmap (P6). */
function encodePpm({ width, height, data }: Raster): Uint8Array {
  const header = Buffer.from(`P6\n${width} ${height}\n255\n`, 'latin1');
  const pixels = Buffer.alloc(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    for (let channel = 0; channel < 3; channel += 1) {
      pixels[pixel * 3 + channel] = data[pixel * 4 + channel] ?? 0;
    }
  }
  return Buffer.concat([header, pixels]);
}
