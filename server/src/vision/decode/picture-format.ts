import type { PictureFormat } from '../vision.ts';

const ASCII_SPACE = new Set([0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0x23]);

/**
 * The format that the first bytes tell, whatever the file was called; undefined for one that is not
 * taken. Sniffing comes before any library, so that no other decoder is ever reached.
 */
export function sniffFormat(bytes: Uint8Array): PictureFormat | undefined {
  const starts = (...values: readonly number[]): boolean =>
    bytes.length > values.length && values.every((value, i) => bytes[i] === value);
  if (starts(0xff, 0xd8, 0xff)) return 'jpeg';
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'png';
  if (text(bytes, 0, 6) === 'GIF87a' || text(bytes, 0, 6) === 'GIF89a') return 'gif';
  if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 4) === 'WEBP') return 'webp';
  if (starts(0x49, 0x49, 0x2a, 0x00) || starts(0x4d, 0x4d, 0x00, 0x2a)) return 'tiff';
  if (starts(0x49, 0x49, 0x2b, 0x00) || starts(0x4d, 0x4d, 0x00, 0x2b)) return 'tiff';
  if (text(bytes, 0, 2) === 'BM') return 'bmp';
  if (/^P[1-6]$/.test(text(bytes, 0, 2)) && ASCII_SPACE.has(bytes[2] ?? 0)) return 'ppm';
  return undefined;
}

function text(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length));
}
