import { readFile } from 'node:fs/promises';

import sharp from 'sharp';
import type { Sharp } from 'sharp';

import { readPlainPicture } from './read-plain-picture.ts';

/** A small picture for the page. */
export interface Thumbnail {
  readonly dataUrl: string;
  /** Pixels of the picture it was made from, after its EXIF rotation. */
  readonly width: number;
  readonly height: number;
}

const BLANK =
  'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 10 10%22/%3E';

/** Makes thumbnails, each once. */
export class Thumbnails {
  readonly #made = new Map<string, Promise<Thumbnail>>();

  /** The picture in `path`, its longer side `side` pixels at most; blank where it cannot be read. */
  of(path: string, side: number): Promise<Thumbnail> {
    const key = `${side} ${path}`;
    const made = this.#made.get(key) ?? makeThumbnail(path, side);
    this.#made.set(key, made);
    return made;
  }
}

async function makeThumbnail(path: string, side: number): Promise<Thumbnail> {
  try {
    const { image, width, height } = await openPicture(path);
    const bytes = await image
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .webp({ quality: 76 })
      .toBuffer();
    return { dataUrl: `data:image/webp;base64,${bytes.toString('base64')}`, width, height };
  } catch {
    return { dataUrl: BLANK, width: side, height: side };
  }
}

async function openPicture(path: string): Promise<{ image: Sharp; width: number; height: number }> {
  const file = await readFile(path);
  const plain = readPlainPicture(file);
  if (plain !== undefined) {
    const { width, height } = plain.raw;
    return { image: sharp(plain.data, { raw: plain.raw }), width, height };
  }
  const { autoOrient } = await sharp(file).metadata();
  return { image: sharp(file).autoOrient(), width: autoOrient.width, height: autoOrient.height };
}
