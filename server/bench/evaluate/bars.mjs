/** The table's rows in order: what each figure must reach, and should. */

/**
 * @typedef {object} Bar
 * @property {string} id of the figure
 * @property {string} title
 * @property {number} [must]
 * @property {number} [reach]
 * @property {'most'} [limit] where less is better
 * @property {true} [isDifference] printed with its sign
 */

/** How much lower a figure may be with Crop absent than with Crop=false. */
export const MOST_DROP = 0.02;

/** @type {readonly Bar[]} */
export const BARS = [
  bar('copies', 'copies found first, mean of 33 operations', 0.985, 0.993),
  bar('copies/crop_25', '… crop_25', 0.88, 0.95),
  bar('copies/rotate_90', '… rotate_90', 0.85, 0.95),
  bar('copies/saturation_0', '… saturation_0', 0.85, 0.95),
  bar('catalogue-copies', 'copies of catalogue pictures', 0.94, 0.97),
  bar('groceries/studio@1', 'groceries photo → studio R@1', 0.28, 0.38),
  bar('groceries/studio@5', 'groceries photo → studio R@5', 0.68, 0.8),
  bar('groceries/photo', 'groceries photo → photo 1-NN', 0.54, 0.62),
  bar('some-groceries/studio@1', '… the classes left out alone, studio R@1'),
  bar('some-groceries/studio@5', '… the classes left out alone, studio R@5'),
  bar('some-groceries/photo', '… the classes left out alone, photo 1-NN'),
  bar('clothing', 'clothing on people, class by 9-NN', 0.43, 0.52),
  bar('views/product', 'other views: same product_id R@1', 0.58, 0.72),
  bar('views/variant', 'other views: same variant_id R@1', 0.5, 0.62),
  bar('shops', 'small shops: same product_id R@1', 0.97, 1),
  bar('catalogue/kind', 'catalogue: articleType P@10', 0.545, 0.62),
  bar('catalogue/colour', 'catalogue: articleType and baseColour P@10', 0.19, 0.26),
  bar('text/kind', 'text → picture P@10: kind', 0.78, 0.9),
  bar('text/colour', 'text → picture P@10: colour and kind', 0.72, 0.84),
  { ...bar('wording', '… unseen wording, less the plain words', -0.05, -0.02), isDifference: true },
  bar('sentences/en', 'scene sentences R@10: English'),
  bar('sentences/zh', 'scene sentences R@10: Chinese'),
  bar('facades', 'texts answered alike by instance (Crop=false) and library', 1, 1),
  bar('category/catalogue', 'category top-1: catalogue', 0.95, 0.97),
  bar('category/people', 'category top-1: clothing on people', 0.77, 0.82),
  bar('category/macro', 'category top-1: macro over categories of ≥ 10 rows', 0.75, 0.85),
  bar('boxes/white', 'subject box IoU ≥ .5: white background', 0.97, 0.99),
  bar('boxes/composites', '… composites', 0.7, 0.88),
  bar('boxes/scenes', '… real scenes with a main box', 0.56, 0.75),
  bar('boxes/detector', '… agreement with the detector', 0.55, 0.75),
  bar('score/unrelated', 'other class or product below .5, worst domain', 0.95, 0.99),
  bar('score/copies', 'easy copies above .9, worst domain', 0.95, 0.99),
  { ...bar('time', 'picture graphs, one core, p50, of the reference', 0.5, 0.2), limit: 'most' },
  { ...bar('size', 'pack size, MB', 8, 6), limit: 'most' },
];

/** Whether a figure reaches a value of its bar. */
export function reaches(value, level, { limit }) {
  // What is printed is what is judged.
  const rounded = Number(value.toFixed(3));
  return limit === 'most' ? rounded <= level : rounded >= level;
}

function bar(id, title, must, reach) {
  return { id, title, must, reach };
}
