import { areaOf, rescale, wholeBox } from './box-arithmetic.ts';
import { decodePicture } from './decode/decode-picture.ts';
import type { DecodedPicture } from './decode/pixels.ts';
import type { Embedder, Embedding } from './embed/embedder.ts';
import { embeddingWindow } from './embed/embedding-window.ts';
import { blend } from './embed/vector-arithmetic.ts';
import type { WindowSpec } from './pack/pack-schema.ts';
import type { SubjectFinder } from './subject/subject-finder.ts';
import type { Box, PictureAnalysis, PictureRequest } from './vision.ts';

/** What one look at a picture needs; lives in a worker. */
export interface Eyes {
  readonly embedder: Embedder;
  readonly finder: SubjectFinder;
  /** How a subject that was found, and a box that was given, are embedded. */
  readonly windows: { readonly found: WindowSpec; readonly given: WindowSpec };
  /** Milliseconds, never going back. */
  readonly clock: () => number;
}

/**
 * Looks at one picture: one decode, then subject, window and embedding.
 *
 * @throws {ApiError} for the picture's faults; see `decodePicture`.
 */
export async function look(request: PictureRequest, eyes: Eyes): Promise<PictureAnalysis> {
  const started = eyes.clock();
  const picture = await decodePicture(request);
  const decoded = eyes.clock();
  const subjects = request.framing.kind === 'subject' ? await findSubjects(picture, eyes) : [];
  const found = eyes.clock();
  const chosen = request.framing.kind === 'box' ? request.framing.box : subjects[0];
  const window = request.framing.kind === 'box' ? eyes.windows.given : eyes.windows.found;
  const { vector, categories } = await embedPart(picture, eyes.embedder, { chosen, window });
  const { widthPx, heightPx, format } = picture;
  return {
    widthPx,
    heightPx,
    format,
    region: chosen ?? wholeBox(picture),
    subjects,
    categories,
    vector,
    timingsMs: {
      decode: decoded - started,
      subject: found - decoded,
      embed: eyes.clock() - found,
    },
  };
}

async function findSubjects(picture: DecodedPicture, { finder }: Eyes): Promise<readonly Box[]> {
  const subjects = await finder.find(picture.pixels);
  return subjects.map(({ box }) => rescale(box, picture.pixels, picture));
}

async function embedPart(
  picture: DecodedPicture,
  embedder: Embedder,
  { chosen, window }: { readonly chosen: Box | undefined; readonly window: WindowSpec },
): Promise<Embedding> {
  const { pixels } = picture;
  const whole = wholeBox(pixels);
  if (chosen === undefined) return embedder.embed(pixels, whole);
  const part = embeddingWindow(rescale(chosen, picture, pixels), window, pixels);
  const embedding = await embedder.embed(pixels, part);
  if (window.wholeWeight === 0 || areaOf(part) === areaOf(whole)) return embedding;
  const { vector } = await embedder.embed(pixels, whole);
  return { ...embedding, vector: blend(embedding.vector, vector, window.wholeWeight) };
}
