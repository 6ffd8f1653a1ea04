/** What scores mean: other products of a set below .5, copies above .9. */
import { forEachSome } from './instance.mjs';
import { HELD_OUT, SETS } from './pictures.mjs';
import { quantile, summarize } from './statistics.mjs';
import { EASY_OPERATIONS } from './variants.mjs';

const UNRELATED_BELOW = 0.5;
const COPIES_ABOVE = 0.9;
const PAGE = 100;

/** The worst domain first, then every domain. */
export async function measureCalibration(ranker, context) {
  const unrelated = [];
  const copies = [];
  for (const set of SETS.filter((each) => each !== HELD_OUT && context.sets.has(each))) {
    unrelated.push(await measureUnrelated(set, ranker, context));
    copies.push(await measureEasyCopies(set, ranker, context));
  }
  return [
    { ...worstOf(unrelated), id: 'score/unrelated' },
    { ...worstOf(copies), id: 'score/copies' },
    ...unrelated,
    ...copies,
  ];
}

/** Scores of stored pictures with each other, where they show another class or product. */
async function measureUnrelated(set, ranker, { sets, rows }) {
  const pictures = sets
    .get(set)
    .filter(({ key, isMeasured }) => isMeasured && !ranker.refused.has(key));
  const rankings = await forEachSome(pictures, ({ key }) =>
    ranker.rankStored(key, { set, measured: true }, PAGE),
  );
  const pairs = pictures.flatMap(({ key, row }, at) =>
    rankings[at].hits
      .filter((hit) => key < hit.key && labelOf(key, row) !== labelOf(hit.key, rows.get(hit.key)))
      .map(({ score }) => ({ cluster: key, score, value: Number(score < UNRELATED_BELOW) })),
  );
  return { id: `score/unrelated/${set}`, samples: pairs, refused: 0, note: noteOf(pairs) };
}

/** Scores of copies with the picture they were made of. */
async function measureEasyCopies(set, ranker, { variants }) {
  const queries = variants.get(set).filter(({ operation }) => EASY_OPERATIONS.includes(operation));
  const rankings = await forEachSome(queries, (query) => ranker.rank(query, { set }, 10));
  const taken = queries
    .map(({ source }, at) => ({ key: source.key, ...rankings[at] }))
    .filter(({ refusal }) => refusal === undefined);
  const samples = taken.map(({ key, hits }) => {
    // A copy whose picture is not among the first ten is not like it.
    const score = hits.find((hit) => hit.key === key)?.score ?? 0;
    return { cluster: key, score, value: Number(score > COPIES_ABOVE) };
  });
  const refused = queries.length - taken.length;
  return { id: `score/copies/${set}`, samples, refused, note: noteOf(samples) };
}

/** What makes two pictures of a set alike by rights; scenes are alike to none. */
function labelOf(key, { cls, product_id: product }) {
  return cls ?? product ?? key;
}

function worstOf(figures) {
  const [worst] = figures
    .filter(({ samples }) => samples.length > 0)
    .toSorted((a, b) => summarize(a.samples).value - summarize(b.samples).value);
  return { ...worst, note: `worst: ${worst.id.replace(/^.*\//u, '')}` };
}

function noteOf(samples) {
  if (samples.length === 0) return '';
  const scores = samples.map(({ score }) => score);
  const told = [0.05, 0.5, 0.95].map((share) => quantile(scores, share).toFixed(2));
  return `scores p5 p50 p95: ${told.join(' ')}`;
}
