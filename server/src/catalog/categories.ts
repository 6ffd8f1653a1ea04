import { OTHER_CATEGORY } from '@likeness/shared/api';

import type { ImageRecord } from '../store/image-record.ts';
import type { CategoryGuess, PackSummary } from '../vision/vision.ts';
import type { CollectionSettings } from './catalog.ts';
import { serviceTypeOfCollection } from './framing.ts';

/** Likely categories are taken in, best first, until they are right this often … */
const COVERED_CONFIDENCE = 0.9;
/** … but never more than this many: what is less sure than that is looked for everywhere. */
const MAX_SCOPED_CATEGORIES = 3;

/** A category to answer, and those to search in: all, if there is no scope. */
export interface CategoryScope {
  readonly category: number;
  readonly scope?: readonly number[];
}

const NO_CATEGORY: CategoryScope = { category: OTHER_CATEGORY };

/** The category of a picture that is added: the given one, else the likeliest, else none. */
export function chooseCategory(
  settings: CollectionSettings,
  given: number | undefined,
  guesses: readonly CategoryGuess[],
): number {
  if (!serviceTypeOfCollection(settings).predictsCategory) return OTHER_CATEGORY;
  return given ?? guesses[0]?.id ?? OTHER_CATEGORY;
}

/** Where to search with a new picture: in the given category, else in the likely ones, if they are few. */
export function scopePicture(
  settings: CollectionSettings,
  given: number | undefined,
  guesses: readonly CategoryGuess[],
): CategoryScope {
  if (!serviceTypeOfCollection(settings).predictsCategory) return NO_CATEGORY;
  if (given !== undefined) return { category: given, scope: [given] };
  const category = guesses[0]?.id ?? OTHER_CATEGORY;
  const scope = likelyCategories(guesses);
  return { category, ...(scope !== undefined && { scope }) };
}

/** Where to search with a stored picture: in the given category, else in its own if it has one. */
export function scopeStored(
  settings: CollectionSettings,
  given: number | undefined,
  record: ImageRecord,
  pack: PackSummary,
): CategoryScope {
  const { category } = record;
  if (!serviceTypeOfCollection(settings).predictsCategory) return { category };
  if (given !== undefined) return { category, scope: [given] };
  const isKnown = record.categoryGiven || pack.predictsCategories;
  return isKnown ? { category, scope: [category] } : { category };
}

/** Where to search with a text: in the given category, else everywhere. */
export function scopeText(
  settings: CollectionSettings,
  given: number | undefined,
): readonly number[] | undefined {
  const isScoped = given !== undefined && serviceTypeOfCollection(settings).predictsCategory;
  return isScoped ? [given] : undefined;
}

/** The fewest that hold the right one often enough; undefined where that takes too many. */
function likelyCategories(guesses: readonly CategoryGuess[]): readonly number[] | undefined {
  const likely: number[] = [];
  let covered = 0;
  for (const { id, confidence } of guesses.slice(0, MAX_SCOPED_CATEGORIES)) {
    likely.push(id);
    covered += confidence;
    if (covered >= COVERED_CONFIDENCE) return likely;
  }
  return undefined;
}
