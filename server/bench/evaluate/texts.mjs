/** Texts asked in a catalogue and among scenes: names, unseen wordings, sentences. */
import { forEachSome, NO_TEXT } from './instance.mjs';
import { groupBy } from './statistics.mjs';

const CATALOGUE = 'text_fashion';
const SCENES = 'text_captions_en_zh';
const PAGE = 10;
/** Kinds with fewer pictures are not asked for. */
const LEAST_GROUP = 10;
/** Whom a Chinese title is for: men, women, boys, girls, anyone. */
const AUDIENCE = /^(?:男士|女士|男童|女童|中性)/u;

const colourAndKind = ({ cls, attrs }) => `${attrs.baseColour} ${cls}`;

/** Kinds, and colours with kinds, by their English and Chinese names. */
export async function measureNames(ranker, { sets }) {
  const rows = sets.get(CATALOGUE).map(({ key, row }) => ({ key, ...row }));
  const kinds = groupsOf(rows, ({ cls }) => cls).flatMap((group) => [
    question('en', group[0].cls, group),
    question('zh', group[0].cls_zh, group),
  ]);
  const colours = groupsOf(rows, colourAndKind).flatMap((group) => [
    question('en', colourAndKind(group[0]), group),
    question('zh', group[0].caption_zh.replace(AUDIENCE, ''), group),
  ]);
  return [
    ...(await askNames('text/kind', kinds, ranker)),
    ...(await askNames('text/colour', colours, ranker)),
  ];
}

/** Wordings that no training text has, against the plain words for the same pictures: the difference. */
export async function measureWording(ranker, { sets, wording }) {
  const pictures = sets.get(CATALOGUE);
  const questions = wording.map(({ id, text, plain, match }) => {
    const isRight = ({ row }) =>
      Object.entries(match).every(([field, values]) => values.includes(row.attrs[field]));
    const right = new Set(pictures.filter(isRight).map(({ key }) => key));
    return { id, text, plain, right };
  });
  const asked = await forEachSome(questions, async ({ id, text, plain, right }) => {
    const scope = { set: CATALOGUE };
    const [unseen, known] = [
      await ranker.rankText(text, scope, PAGE),
      await ranker.rankText(plain, scope, PAGE),
    ];
    const value = precision(unseen, right);
    return { cluster: id, unseen, known, value, plainValue: precision(known, right) };
  });
  const reason = reasonOf(asked.map(({ unseen }) => unseen));
  const samplesOf = (valueOf) =>
    asked.map((one) => ({ cluster: one.cluster, value: valueOf(one) }));
  const refused = (of) => asked.filter((one) => isRefused(one[of])).length;
  return [
    {
      id: 'wording',
      samples: samplesOf(({ value, plainValue }) => value - plainValue),
      refused: refused('unseen'),
      reason,
    },
    {
      id: 'wording/unseen',
      samples: samplesOf(({ value }) => value),
      refused: refused('unseen'),
      reason,
    },
    {
      id: 'wording/plain',
      samples: samplesOf(({ plainValue }) => plainValue),
      refused: refused('known'),
      reason,
    },
  ];
}

/** Is a scene among the first ten of its own sentences? */
export async function measureSentences(ranker, { sets }) {
  const figures = [];
  for (const [language, field] of [
    ['en', 'captions_en'],
    ['zh', 'captions_zh'],
  ]) {
    const queries = sets
      .get(SCENES)
      .flatMap(({ key, row }) => row[field].map((text) => ({ key, text })));
    const rankings = await forEachSome(queries, ({ text }) =>
      ranker.rankText(text, { set: SCENES }, PAGE),
    );
    figures.push({
      id: `sentences/${language}`,
      samples: queries.map(({ key }, at) => ({
        cluster: key,
        value: Number(rankings[at].hits.some((hit) => hit.key === key)),
      })),
      refused: rankings.filter(isRefused).length,
      reason: reasonOf(rankings),
    });
  }
  return figures;
}

function groupsOf(rows, keyOf) {
  return [...groupBy(rows, keyOf).values()].filter((group) => group.length >= LEAST_GROUP);
}

function question(language, text, group) {
  return { language, text, right: new Set(group.map(({ key }) => key)) };
}

/** Both languages together, then each. */
async function askNames(id, questions, ranker) {
  const rankings = await forEachSome(questions, ({ text }) =>
    ranker.rankText(text, { set: CATALOGUE }, PAGE),
  );
  const figureOf = (name, isAsked) => {
    const asked = questions
      .map(({ language, right }, at) => ({ language, right, ranking: rankings[at], at }))
      .filter(({ language }) => isAsked(language));
    return {
      id: name,
      samples: asked.map(({ right, ranking, at }) => ({
        cluster: `${at}`,
        value: precision(ranking, right),
      })),
      refused: asked.filter(({ ranking }) => isRefused(ranking)).length,
      reason: reasonOf(rankings),
    };
  };
  return [
    figureOf(id, () => true),
    ...['en', 'zh'].map((language) => figureOf(`${id}/${language}`, (each) => each === language)),
  ];
}

function precision({ hits }, right) {
  return hits.filter(({ key }) => right.has(key)).length / PAGE;
}

/** A text that cannot be placed finds nothing: it counts as 0. */
function isRefused({ hits }) {
  return hits.length === 0;
}

/** Why there is no figure, where the server takes no text at all. */
function reasonOf(rankings) {
  if (rankings.length === 0) return 'nothing to ask';
  const code = rankings[0].refusal;
  const isSilent = rankings.every(({ refusal }) => NO_TEXT.has(refusal));
  return isSilent ? `the server takes no text (${code})` : undefined;
}
