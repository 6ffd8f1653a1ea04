/** A rectangle of whole pixels: `x1 <= x < x2`, `y1 <= y < y2`, origin at the upper left. */
export interface Box {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** Which part of a picture is embedded. */
export type Framing =
  | { readonly kind: 'whole' }
  /**
   * The subject, framed as the pack defines; the whole picture where none is found, or, if it must be clear, where
   * it is only guessed at.
   */
  | { readonly kind: 'subject'; readonly mustBeClear?: true }
  | { readonly kind: 'box'; readonly box: Box };

/** What a picture must satisfy to be looked at. */
export interface PictureLimits {
  readonly maxBytes: number;
  /** Shortest and longest side allowed, in pixels, both inclusive. */
  readonly minSidePx: number;
  readonly maxSidePx: number;
  /** EXIF orientations 2–8: refused with `IncorrectOrientation`, or applied before anything else. */
  readonly orientation: 'refuse' | 'apply';
}

/**
 * How soon somebody needs the answer: searches go before adds, and what nobody waits for is done while no
 * other work waits.
 */
export type Priority = 'search' | 'add' | 'background';

export interface PictureRequest {
  readonly picture: Uint8Array;
  readonly framing: Framing;
  readonly limits: PictureLimits;
  /** `search` if absent. */
  readonly priority?: Priority;
}

export type PictureFormat = 'jpeg' | 'png' | 'gif' | 'webp' | 'tiff' | 'bmp' | 'ppm';

/** A category and how sure the pack is of it, 0–1. */
export interface CategoryGuess {
  readonly id: number;
  readonly confidence: number;
}

/** What one look at a picture tells. Boxes are in pixels of the picture as sent (or as oriented). */
export interface PictureAnalysis {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly format: PictureFormat;
  /** The box that was used: the one asked for, the subject's, or the whole picture. */
  readonly region: Box;
  /** Subjects found, best first, at most 8; empty where none was looked for or found. */
  readonly subjects: readonly Box[];
  /** Best first; empty when the pack has no category head. */
  readonly categories: readonly CategoryGuess[];
  /** Unit length, `pack.dims` long. */
  readonly vector: Float32Array;
  readonly timingsMs: { readonly decode: number; readonly subject: number; readonly embed: number };
}

/** What one look at a text tells. */
export type TextAnalysis =
  | ({
      readonly kind: 'placed';
      /** Unit length, `pack.dims` long: compared with pictures' vectors. */
      readonly vector: Float32Array;
    } & TextKnowledge)
  /** Too little of it is known to say where it belongs. */
  | ({ readonly kind: 'unknown' } & TextKnowledge);

/** How well the pack knows a text. */
export interface TextKnowledge {
  /** Share of the text's tokens that the pack's vocabulary has, 0–1. */
  readonly knownShare: number;
  /** Words that are not known, as normalised, each once. */
  readonly unknownWords: readonly string[];
}

/** Knots `[cosine, score]`, both strictly increasing, from −1 to 1 and from 0 to 1. */
export type CalibrationKnots = readonly (readonly [cosine: number, score: number])[];

/** A picture that was looked at before, and how large its thumbnail may be. */
export interface ThumbnailRequest {
  readonly picture: Uint8Array;
  /** Side of the square that it fits into. */
  readonly sidePx: number;
}

/** How much waits for a worker now, and how much was refused since the start, by priority. */
export interface VisionLoad {
  readonly workers: {
    /** Those that work, or could. */
    readonly ready: number;
    readonly busy: number;
    /** Lost or replaced since the start. */
    readonly restarts: number;
  };
  readonly waiting: Readonly<Record<Priority, number>>;
  readonly refused: Readonly<Record<Priority, number>>;
}

/** The model pack in use, as callers need to know it. */
export interface PackSummary {
  readonly name: string;
  readonly version: string;
  /** SHA-256 over what decides a vector (not calibration or licence): vectors of different ones are never compared. */
  readonly fingerprint: string;
  readonly dims: number;
  readonly predictsCategories: boolean;
  /** Of texts; none for a pack without text. */
  readonly languages: readonly string[];
  readonly pictureCalibration: CalibrationKnots;
  /** Of cosines of a text's vector with pictures'; absent for a pack that knows no texts. */
  readonly textCalibration?: CalibrationKnots;
}

/**
 * Looks at pictures and texts, in processes that may die alone.
 *
 * @throws {ApiError} `UnsupportedPicFormat`, `UnsupportedPicPixels`, `InvalidPicContent`,
 *   `IncorrectOrientation`, `InvalidRegion` for the picture's faults; `ServiceUnavailable` when too
 *   much waits already; `ExtractFeatureTimeout` when a picture takes too long.
 */
export interface Vision {
  readonly pack: PackSummary;
  readonly load: VisionLoad;
  /** One decode: limits, subject, crop, embedding, category. Dropped from the queue when `signal` aborts. */
  analyze(request: PictureRequest, signal?: AbortSignal): Promise<PictureAnalysis>;
  /**
   * Places a text among the pictures, or says that it cannot; dropped from the queue when `signal` aborts.
   * The latest texts are remembered: do not write to a vector.
   *
   * @throws {TypeError} for a pack without `textCalibration`.
   */
  embedText(text: string, signal?: AbortSignal): Promise<TextAnalysis>;
  /**
   * A WEBP of the picture that fits into a square, made in the background: while nothing else waits. Dropped from
   * the queue when `signal` aborts.
   */
  renderThumbnail(request: ThumbnailRequest, signal?: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}
