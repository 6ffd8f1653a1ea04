/** The category that a product instance sees in a picture. */
import { forEachSome } from './instance.mjs';
import { groupBy } from './statistics.mjs';

/** Answered where nothing is predicted. */
const OTHER = 88888888;
/** Categories with fewer rows are left out of the macro mean. */
const LEAST_ROWS = 10;

/** By `subCategory`; the rest is left out. */
const CATALOGUE = {
  ...numbered(0, ['Topwear']),
  ...numbered(1, ['Dress']),
  ...numbered(2, ['Bottomwear']),
  ...numbered(3, ['Bags']),
  ...numbered(4, ['Shoes', 'Sandal', 'Flip Flops']),
  ...numbered(5, ['Watches', 'Jewellery', 'Belts', 'Eyewear', 'Ties', 'Headwear', 'Scarves']),
  ...numbered(7, ['Fragrance', 'Makeup', 'Lips', 'Nails', 'Eyes', 'Skin', 'Skin Care']),
  ...numbered(21, ['Innerwear']),
};
/** By class; `Body` is left out. */
const PEOPLE = {
  ...numbered(0, ['T-Shirt', 'Longsleeve', 'Shirt', 'Polo', 'Top', 'Blouse']),
  ...numbered(0, ['Hoodie', 'Blazer', 'Outwear']),
  ...numbered(1, ['Dress']),
  ...numbered(2, ['Pants', 'Shorts', 'Skirt']),
  ...numbered(4, ['Shoes']),
  ...numbered(5, ['Hat']),
  ...numbered(21, ['Undershirt']),
};
const DOMAINS = [
  {
    id: 'category/catalogue',
    set: 'text_fashion',
    truthOf: (row) => CATALOGUE[row.attrs.subCategory],
  },
  { id: 'category/people', set: 'category_clothing', truthOf: (row) => PEOPLE[row.cls] },
];
const FRAMINGS = { whole: { crop: false }, subject: {} };

/**
 * Top-1 of both domains and the macro mean over the categories of both, the picture whole and by its subject.
 *
 * @param {import('./instance.mjs').Instance} product
 */
export async function measureCategories(product, { sets }) {
  const figures = [];
  for (const [ranker, framing] of Object.entries(FRAMINGS)) {
    const domains = [];
    for (const { id, set, truthOf } of DOMAINS) {
      const { samples, refused } = await askDomain(sets.get(set), truthOf, framing, product);
      domains.push({ id, samples, refused });
    }
    const together = domains.flatMap(({ samples }) => samples);
    const common = groupBy(together, ({ truth }) => truth);
    const macro = together
      .filter(({ truth }) => common.get(truth).length >= LEAST_ROWS)
      .map((sample) => ({ ...sample, part: `${sample.truth}` }));
    const refused = domains.reduce((sum, domain) => sum + domain.refused, 0);
    const all = [...domains, { id: 'category/macro', samples: macro, refused }];
    const isSilent = together.every(({ predicted }) => predicted === OTHER);
    const reason = isSilent ? 'the pack predicts no category' : undefined;
    figures.push(...all.map((figure) => ({ ...figure, ranker, reason })));
  }
  return figures;
}

async function askDomain(pictures, truthOf, framing, product) {
  const queries = pictures.filter(({ row }) => truthOf(row) !== undefined);
  const answers = await forEachSome(queries, (each) => product.look(each, framing));
  const taken = queries
    .map(({ key, row }, at) => ({ key, truth: truthOf(row), ...answers[at] }))
    .filter(({ refusal }) => refusal === undefined);
  return {
    refused: queries.length - taken.length,
    samples: taken.map(({ key, truth, categoryId }) => ({
      cluster: key,
      truth,
      predicted: categoryId,
      value: Number(categoryId === truth),
    })),
  };
}

function numbered(category, names) {
  return Object.fromEntries(names.map((name) => [name, category]));
}
