/** Photos and other views of products, asked among their set's gallery. */
import { forEachSome } from './instance.mjs';

const NEIGHBOURS = 9;

/**
 * What of a query's answer counts, by the rows of the pictures found.
 *
 * @typedef {(row: any, found: readonly any[]) => number} Judge
 */

/** Whether one of the first `count` shares a field with the query. */
const within = (count, field) => (row, found) =>
  Number(found.slice(0, count).some((other) => other[field] === row[field]));

/** Whether the class that most of the neighbours have is the query's; of equals the nearest one's. */
function agreesWithMost(row, found) {
  const votes = new Map();
  for (const { cls } of found) votes.set(cls, (votes.get(cls) ?? 0) + 1);
  const most = Math.max(...votes.values());
  const [winner] = [...votes].find(([, count]) => count === most) ?? [];
  return Number(winner === row.cls);
}

const asked = { set: 'product_grocery', queries: ({ split }) => split === 'query' };
const GROCERIES = [
  {
    ...asked,
    split: 'gallery_iconic',
    num: 5,
    figures: { 'groceries/studio@1': within(1, 'cls'), 'groceries/studio@5': within(5, 'cls') },
  },
  {
    ...asked,
    split: 'gallery_natural',
    num: 1,
    figures: { 'groceries/photo': within(1, 'cls') },
  },
];

export const measureGroceries = (ranker, context) => measureAll(GROCERIES, ranker, context);

/** The same figures with the queries of some classes alone; the galleries stay whole. */
export function measureSomeGroceries(classes) {
  const only = GROCERIES.map((plan) => ({
    ...plan,
    queries: (picture) => asked.queries(picture) && classes.has(picture.row.cls),
    figures: Object.fromEntries(
      Object.entries(plan.figures).map(([id, judge]) => [`some-${id}`, judge]),
    ),
  }));
  return (ranker, context) => measureAll(only, ranker, context);
}

export const measureClothing = (ranker, context) =>
  measureAll(
    [
      {
        set: 'category_clothing',
        split: 'gallery',
        num: NEIGHBOURS,
        queries: ({ split }) => split === 'query',
        figures: { clothing: agreesWithMost },
      },
    ],
    ranker,
    context,
  );

export const measureViews = (ranker, context) =>
  measureAll(
    [
      {
        set: 'product_multiview',
        split: 'gallery',
        num: 1,
        queries: ({ split }) => split === 'query',
        figures: {
          'views/product': within(1, 'product_id'),
          'views/variant': within(1, 'variant_id'),
        },
      },
    ],
    ranker,
    context,
  );

export const measureShops = (ranker, context) =>
  measureAll(
    [
      {
        set: 'product_shops',
        split: 'gallery',
        num: 1,
        queries: ({ split }) => split === 'query',
        figures: { shops: within(1, 'product_id') },
      },
    ],
    ranker,
    context,
  );

async function measureAll(plans, ranker, { sets, rows }) {
  const figures = [];
  for (const { set, split, num, queries, figures: judges } of plans) {
    const pictures = sets.get(set).filter(queries);
    const rankings = await forEachSome(pictures, (each) => ranker.rank(each, { set, split }, num));
    const taken = pictures
      .map(({ key, row }, at) => ({ key, row, ...rankings[at] }))
      .filter(({ refusal }) => refusal === undefined);
    for (const [id, judge] of Object.entries(judges)) {
      const samples = taken.map(({ key, row, hits }) => ({
        cluster: key,
        value: judge(
          row,
          hits.map((hit) => rows.get(hit.key)),
        ),
      }));
      figures.push({ id, samples, refused: pictures.length - taken.length });
    }
  }
  return figures;
}
