import { areaOf, rescale, wholeBox } from './box-arithmetic.ts';
import { decodePicture } from './decode/decode-picture.ts';
import type { DecodedPicture } from './decode/pixels.ts';
import type { Embedder, Embedding } from './embed/embedder.ts';
import { embeddingWindow } from './embed/embedding-window.ts';
import { blendCategories } from './embed/category-guesses.ts';
import { blend } from './embed/vector-arithmetic.ts';
import type { WindowSpec } from './pack/pack-schema.ts';
import type { SubjectFinder } from './subject/subject-finder.ts';
import type { Box, Framing, PictureAnalysis, PictureRequest } from './vision.ts';

/** What one look at a picture needs; lives in a worker. */
export interface Eyes {
  readonly embedder: Embedder;
  readonly finder: SubjectFinder;
  /** How a subject that was found, and a box that was given, are embedded. */
  readonly windows: { readonly found: WindowSpec; readonly given: WindowSpec };
  /** Share of the whole picture in the category of a subject that was found. */
  readonly categoryWholeWeight: number;
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
  const subjects = await findSubjects(picture, request.framing, eyes);
  const found = eyes.clock();
  const { chosen, window } = chooseWindow(request.framing, subjects[0], eyes);
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

async function findSubjects(
  picture: DecodedPicture,
  framing: Framing,
  { finder }: Eyes,
): Promise<readonly Box[]> {
  if (framing.kind !== 'subject') return [];
  const found = await finder.find(picture.pixels);
  const subjects = framing.mustBeClear ? found.filter(({ isGuess }) => !isGuess) : found;
  return subjects.map(({ box }) => rescale(box, picture.pixels, picture));
}

/** How a part of the picture is embedded, and how its category is told. */
type PartWindow = WindowSpec & { readonly categoryWholeWeight: number };

/** A box that the caller gave is one thing among others, perhaps: it is judged by itself. */
function chooseWindow(
  framing: Framing,
  subject: Box | undefined,
  { windows, categoryWholeWeight }: Eyes,
): { readonly chosen: Box | undefined; readonly window: PartWindow } {
  return framing.kind === 'box'
    ? { chosen: framing.box, window: { ...windows.given, categoryWholeWeight: 0 } }
    : { chosen: subject, window: { ...windows.found, categoryWholeWeight } };
}

async function embedPart(
  picture: DecodedPicture,
  embedder: Embedder,
  { chosen, window }: { readonly chosen: Box | undefined; readonly window: PartWindow },
): Promise<Embedding> {
  const { pixels } = picture;
  const whole = wholeBox(pixels);
  if (chosen === undefined) return embedder.embed(pixels, whole);
  const box = embeddingWindow(rescale(chosen, picture, pixels), window, pixels);
  const part = await embedder.embed(pixels, box);
  const { wholeWeight, categoryWholeWeight } = window;
  if (areaOf(box) === areaOf(whole) || (wholeWeight === 0 && categoryWholeWeight === 0))
    return part;
  const all = await embedder.embed(pixels, whole);
  return {
    vector: wholeWeight === 0 ? part.vector : blend(part.vector, all.vector, wholeWeight),
    categories: blendCategories(part.categories, all.categories, categoryWholeWeight),
  };
}
