import { ApiError } from '@likeness/shared/errors';

import type {
  Box,
  CategoryGuess,
  PackSummary,
  PictureAnalysis,
  PictureRequest,
  TextAnalysis,
  ThumbnailRequest,
  Vision,
} from '../../src/vision/vision.ts';

/** What a told picture shows: it is its own analysis. */
export interface ToldPicture {
  readonly vector: readonly number[];
  readonly sidePx?: number;
  readonly subjects?: readonly Box[];
  /** Whether the subjects are guessed at. */
  readonly isGuess?: boolean;
  readonly categories?: readonly CategoryGuess[];
  /** Makes pictures with the same content differ in their bytes. */
  readonly note?: string;
}

/** The bytes of a picture that {@link ToldVision} understands. */
export function tellPicture(picture: ToldPicture): Uint8Array {
  return Buffer.from(JSON.stringify(picture));
}

/** As {@link tellPicture}, beginning like a PPM: one that is kept is given back by its format. */
export function tellPpm(picture: ToldPicture): Uint8Array {
  return Buffer.concat([Buffer.from(PPM), tellPicture(picture)]);
}

const PPM = 'P1\n';

export const TOLD_PACK: PackSummary = {
  name: 'told',
  version: '1',
  fingerprint: 'told-1',
  dims: 4,
  predictsCategories: true,
  languages: [],
  pictureCalibration: [
    [-1, 0],
    [1, 1],
  ],
};

/** A pack that knows a text's score from its cosine in its own way: a cosine of 0 is a score of .8. */
export const TOLD_TEXT_PACK: PackSummary = {
  ...TOLD_PACK,
  languages: ['en'],
  textCalibration: [
    [-1, 0],
    [0, 0.8],
    [1, 1],
  ],
};

/** A {@link Vision} whose pictures are JSON texts that tell what they show, and whose texts are vectors: `1 0 0 0`. */
export class ToldVision implements Vision {
  readonly pack: PackSummary;
  readonly load = {
    workers: { ready: 1, busy: 0, restarts: 0 },
    waiting: { search: 0, add: 0, background: 0 },
    refused: { search: 0, add: 0, background: 0 },
  };
  analyzed = 0;

  constructor(pack: PackSummary = TOLD_PACK) {
    this.pack = pack;
  }

  async analyze({ picture, framing, limits }: PictureRequest): Promise<PictureAnalysis> {
    this.analyzed += 1;
    const told = readPicture(picture);
    const sidePx = told.sidePx ?? 200;
    if (sidePx < limits.minSidePx || sidePx > limits.maxSidePx) {
      throw new ApiError('UnsupportedPicPixels');
    }
    const whole = { x1: 0, y1: 0, x2: sidePx, y2: sidePx };
    const isLookedFor = framing.kind === 'subject' && !(framing.mustBeClear && told.isGuess);
    const subjects = isLookedFor ? (told.subjects ?? []) : [];
    const region = framing.kind === 'box' ? framing.box : (subjects[0] ?? whole);
    if (region.x2 > sidePx || region.y2 > sidePx) throw new ApiError('InvalidRegion');
    const length = Math.hypot(...told.vector);
    return {
      widthPx: sidePx,
      heightPx: sidePx,
      format: 'png',
      region,
      subjects,
      categories: this.pack.predictsCategories ? (told.categories ?? []) : [],
      vector: Float32Array.from(told.vector, (value) => value / length),
      timingsMs: { decode: 0, subject: 0, embed: 0 },
    };
  }

  async embedText(text: string): Promise<TextAnalysis> {
    const values = text.split(' ').map(Number);
    const unknownWords = text.split(' ').filter((word) => Number.isNaN(Number(word)));
    const knownShare = 1 - unknownWords.length / values.length;
    if (knownShare < 1) return { kind: 'unknown', knownShare, unknownWords };
    const length = Math.hypot(...values);
    const vector = Float32Array.from(values, (value) => value / length);
    return { kind: 'placed', vector, knownShare, unknownWords };
  }

  /** The size and the picture itself: told apart by both. */
  async renderThumbnail({ picture, sidePx }: ThumbnailRequest): Promise<Uint8Array> {
    readPicture(picture);
    return Buffer.concat([Buffer.from(`${sidePx} `), picture]);
  }

  async close(): Promise<void> {
    // Nothing is held.
  }
}

function readPicture(picture: Uint8Array): ToldPicture {
  try {
    const text = Buffer.from(picture).toString('utf8');
    return JSON.parse(text.startsWith(PPM) ? text.slice(PPM.length) : text) as ToldPicture;
  } catch (cause) {
    throw new ApiError('UnsupportedPicFormat', { cause });
  }
}
