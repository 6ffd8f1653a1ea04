import { OTHER_CATEGORY } from '@likeness/shared/api';

import type { ImageRecord } from '../store/image-record.ts';
import type { CategoryGuess, PackSummary } from '../vision/vision.ts';
import type { CollectionSettings } from './catalog.ts';
import { serviceTypeOfCollection } from './framing.ts';

/** Likely categories are taken in, best first, until they are right this often … */
const COVERED_CONFIDENCE = 0.9;
/** … but never more than this many. */
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

/** Where to search with a new picture: in the given category, else in the likely ones. */
export function scopePicture(
  settings: CollectionSettings,
  given: number | undefined,
  guesses: readonly CategoryGuess[],
): CategoryScope {
  if (!serviceTypeOfCollection(settings).predictsCategory) return NO_CATEGORY;
  if (given !== undefined) return { category: given, scope: [given] };
  const scope = likelyCategories(guesses);
  return scope[0] === undefined ? NO_CATEGORY : { category: scope[0], scope };
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

function likelyCategories(guesses: readonly CategoryGuess[]): readonly number[] {
  const likely: number[] = [];
  let covered = 0;
  for (const { id, confidence } of guesses) {
    if (covered >= COVERED_CONFIDENCE || likely.length === MAX_SCOPED_CATEGORIES) break;
    likely.push(id);
    covered += confidence;
  }
  return likely;
}
