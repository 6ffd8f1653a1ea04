/** The groups of rows: who is asked, and which pictures must stand in the instances for them. */
import { measureBoxes } from './boxes.mjs';
import { measureCalibration } from './calibration.mjs';
import { measureCatalogue } from './catalogue.mjs';
import { measureCategories } from './categories.mjs';
import { measureCopies } from './copies.mjs';
import { HELD_OUT, SETS } from './pictures.mjs';
import {
  measureClothing,
  measureGroceries,
  measureShops,
  measureSomeGroceries,
  measureViews,
} from './retrieval.mjs';
import { measureNames, measureSentences, measureWording } from './texts.mjs';

/**
 * @typedef {object} Group
 * @property {readonly string[]} sets that must be stored
 * @property {readonly string[]} rankers who is asked
 * @property {readonly string[]} [copied] sets whose copies are asked with
 * @property {(ranker: any, context: any) => Promise<readonly any[]>} measure
 */

const EVERYTHING = [...SETS, HELD_OUT];
const GENERIC = ['whole', 'subject'];
const COMPARED = [...GENERIC, 'reference'];
/** Who takes texts. */
const TEXTS = [...GENERIC, 'library'];
const ALL = [...GENERIC, 'product', 'reference'];

/**
 * @param {ReadonlySet<string> | undefined} groceryClasses
 * @returns {Readonly<Record<string, Group>>} in the order they are asked
 */
export function listGroups(groceryClasses) {
  return {
    copies: copiesOf('natural_base', 'copies'),
    'catalogue-copies': copiesOf('text_fashion', 'catalogue-copies'),
    groceries: ofSet('product_grocery', measureGroceries),
    ...(groceryClasses && {
      'some-groceries': ofSet('product_grocery', measureSomeGroceries(groceryClasses)),
    }),
    clothing: ofSet('category_clothing', measureClothing),
    views: ofSet('product_multiview', measureViews),
    shops: ofSet('product_shops', measureShops),
    catalogue: ofSet('text_fashion', measureCatalogue, ALL),
    text: ofSet('text_fashion', measureNames, TEXTS),
    wording: ofSet('text_fashion', measureWording, TEXTS),
    sentences: ofSet('text_captions_en_zh', measureSentences, TEXTS),
    category: {
      sets: ['text_fashion', 'category_clothing'],
      rankers: ['product'],
      measure: measureCategories,
    },
    boxes: {
      sets: ['text_fashion', 'subject_coco'],
      rankers: ['subject'],
      measure: measureBoxes,
    },
    score: { sets: SETS, rankers: GENERIC, copied: SETS, measure: measureCalibration },
  };
}

/** Copies of one set, among everything. */
function copiesOf(set, id) {
  return { sets: EVERYTHING, rankers: ALL, copied: [set], measure: measureCopies(id, set) };
}

/** Pictures of one set, within it. */
function ofSet(set, measure, rankers = COMPARED) {
  return { sets: [set], rankers, measure };
}

/** Groups that ask nobody. */
export const PACK_GROUPS = ['time', 'size'];
