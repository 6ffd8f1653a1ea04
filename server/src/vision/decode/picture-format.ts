import type { PictureFormat } from '../vision.ts';

/** How the formats that are taken begin; `.` is any byte. */
const BEGINNINGS: readonly (readonly [PictureFormat, RegExp])[] = [
  ['jpeg', /^\xff\xd8\xff/],
  ['png', /^\x89PNG\r\n.\n/s],
  ['gif', /^GIF8[79]a/],
  ['webp', /^RIFF.{4}WEBP/s],
  // Classic and big TIFF, little and big endian.
  ['tiff', /^(?:II[*+]\0|MM\0[*+])/],
  ['bmp', /^BM/],
  ['ppm', /^P[1-6][\s#]/],
];
const LONGEST_BEGINNING = 12;

/**
 * The format that the first bytes tell, whatever the file was called; undefined for one that is not
 * taken. Sniffing comes before any library, so that no other decoder is ever reached.
 */
export function sniffFormat(bytes: Uint8Array): PictureFormat | undefined {
  const beginning = Buffer.from(bytes.subarray(0, LONGEST_BEGINNING)).toString('latin1');
  return BEGINNINGS.find(([, pattern]) => pattern.test(beginning))?.[0];
}
