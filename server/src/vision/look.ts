import { areaOf, rescale, wholeBox } from './box-arithmetic.ts';
import { decodePicture } from './decode/decode-picture.ts';
import type { DecodedPicture, Pixels } from './decode/pixels.ts';
import type { Embedder, Embedding } from './embed/embedder.ts';
import { embeddingWindow } from './embed/embedding-window.ts';
import { blendCategories } from './embed/category-guesses.ts';
import { blend } from './embed/vector-arithmetic.ts';
import type { WindowSpec } from './pack/pack-schema.ts';
import type { Subject, SubjectFinder } from './subject/subject-finder.ts';
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
  const seen = await findSubjects(picture, request.framing, eyes);
  const subjects = seen.map(({ box }) => rescale(box, picture.pixels, picture));
  const found = eyes.clock();
  const part = choosePart(picture, request.framing, seen[0], eyes);
  const { vector, categories } = await embedPart(picture.pixels, eyes.embedder, part);
  const { widthPx, heightPx, format } = picture;
  return {
    widthPx,
    heightPx,
    format,
    region: givenBox(request.framing) ?? subjects[0] ?? wholeBox(picture),
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
  { pixels }: DecodedPicture,
  framing: Framing,
  { finder }: Eyes,
): Promise<readonly Subject[]> {
  if (framing.kind !== 'subject') return [];
  const found = await finder.find(pixels);
  return framing.mustBeClear ? found.filter(({ isGuess }) => !isGuess) : found;
}

function givenBox(framing: Framing): Box | undefined {
  return framing.kind === 'box' ? framing.box : undefined;
}

/** Which part of the pixels is embedded, how, and how its category is told. */
interface Part {
  readonly box: Box;
  readonly window: WindowSpec;
  readonly categoryWholeWeight: number;
}

/** A box that the caller gave is one thing among others, perhaps: its category is judged by itself. */
function choosePart(
  picture: DecodedPicture,
  framing: Framing,
  subject: Subject | undefined,
  { windows, categoryWholeWeight }: Eyes,
): Part | undefined {
  const given = givenBox(framing);
  if (given !== undefined) {
    const box = rescale(given, picture, picture.pixels);
    return { box, window: windows.given, categoryWholeWeight: 0 };
  }
  const box = subject?.firstBox ?? subject?.box;
  return box && { box, window: windows.found, categoryWholeWeight };
}

async function embedPart(
  pixels: Pixels,
  embedder: Embedder,
  chosen: Part | undefined,
): Promise<Embedding> {
  const whole = wholeBox(pixels);
  if (chosen === undefined) return embedder.embed(pixels, whole);
  const { window, categoryWholeWeight } = chosen;
  const box = embeddingWindow(chosen.box, window, pixels);
  const part = await embedder.embed(pixels, box);
  const { wholeWeight } = window;
  if (areaOf(box) === areaOf(whole) || (wholeWeight === 0 && categoryWholeWeight === 0))
    return part;
  const all = await embedder.embed(pixels, whole);
  return {
    vector: wholeWeight === 0 ? part.vector : blend(part.vector, all.vector, wholeWeight),
    categories: blendCategories(part.categories, all.categories, categoryWholeWeight),
  };
}
