/** The figures as Markdown. */
import { BARS, MOST_DROP, reaches } from './bars.mjs';
import { ASKINGS } from './instance.mjs';
import { Library } from './library.mjs';
import { groupBy } from './statistics.mjs';

const REFERENCE = 'reference';
/** Figures that may not be lower with Crop absent: by these two rankers. */
const [WHOLE, SUBJECT] = ASKINGS.map(({ name }) => name);
const TITLES = new Map([
  ...ASKINGS.map(({ name, title }) => [name, title]),
  ['library', Library.title],
]);
const NONE = '–';

const MEASURED = ['figure', 'asked as', 'value', 's.e.', 'n', 'refused', 'reference'];
const JUDGED = ['must', 'met', 'below Crop=false', 'reach for', 'reached'];

/**
 * @typedef {object} Figure
 * @property {string} id
 * @property {string} [ranker] how it was asked; absent for what is not asked
 * @property {number} [value] absent where nothing was measured
 * @property {number} [error]
 * @property {number} [n]
 * @property {number} [refused]
 * @property {string} [note]
 * @property {string} [reason] why there is no value
 */

/**
 * @param {readonly Figure[]} figures
 * @param {readonly string[]} heading lines above the table
 */
export function formatReport(figures, heading) {
  const known = new Set(BARS.map(({ id }) => id));
  const rows = BARS.flatMap((each) => rowsOf(each, figures));
  const parts = figures.filter(({ id }) => !known.has(id));
  return [
    '# Evaluation',
    '',
    ...heading,
    '',
    ...tableOf([...MEASURED, ...JUDGED, 'note'], rows),
    '',
    ...(parts.length === 0 ? [] : partsOf(parts)),
  ].join('\n');
}

function partsOf(parts) {
  const header = ['figure', ...TITLES.values(), 'reference', 'n', 'refused', 'note'];
  const rows = [...groupBy(parts, ({ id }) => id).values()].map(partRowOf);
  return ['## Parts', '', ...tableOf(header, rows), ''];
}

/** What one part is, by everyone who was asked. */
function partRowOf(figures) {
  const of = (name) => figures.find(({ ranker }) => ranker === name);
  const asked = figures.filter(({ ranker }) => ranker !== REFERENCE);
  const each = (field) => [...new Set(asked.map((figure) => figure[field] ?? NONE))].join(' / ');
  return [
    figures[0].id,
    ...[...TITLES.keys(), REFERENCE].map((name) => valueOf(of(name))),
    ...['n', 'refused'].map(each),
    asked
      .map(({ note }) => note)
      .filter((note) => note !== undefined)
      .join('; '),
  ];
}

function rowsOf(each, figures) {
  return figures
    .filter(({ id, ranker }) => id === each.id && ranker !== REFERENCE)
    .map((figure) => rowOf(each, figure, figures));
}

function rowOf(each, figure, figures) {
  const { value, ranker } = figure;
  const isReported = ranker === 'product' || each.must === undefined;
  const judge = (level) => {
    if (isReported || value === undefined) return NONE;
    return reaches(value, level, each) ? 'yes' : '**no**';
  };
  return [
    each.title,
    ...measured(figure, each.isDifference),
    referenceOf(figure, figures),
    isReported ? 'reported' : numberOf(each.must),
    judge(each.must),
    dropOf(figure, figures),
    isReported ? NONE : numberOf(each.reach),
    judge(each.reach),
    figure.reason ?? figure.note ?? '',
  ];
}

function measured({ ranker, value, error, n, refused }, isDifference = false) {
  const sign = isDifference && value > 0 ? '+' : '';
  return [
    TITLES.get(ranker) ?? NONE,
    value === undefined ? NONE : `${sign}${numberOf(value)}`,
    numberOf(error),
    `${n ?? NONE}`,
    `${refused ?? NONE}`,
  ];
}

function referenceOf({ id, ranker }, figures) {
  if (ranker === 'product') return NONE;
  return valueOf(figures.find((each) => each.id === id && each.ranker === REFERENCE));
}

function valueOf(figure) {
  if (figure?.value === undefined) return NONE;
  return `${numberOf(figure.value)} ± ${numberOf(figure.error)}`;
}

/** How much lower than with Crop=false, and whether that is still allowed. */
function dropOf({ id, ranker, value }, figures) {
  const whole = figures.find((each) => each.id === id && each.ranker === WHOLE);
  const isCompared = ranker === SUBJECT && whole?.value !== undefined && value !== undefined;
  if (!isCompared) return NONE;
  const drop = Number((whole.value - value).toFixed(3));
  return `${numberOf(drop)} ${drop <= MOST_DROP ? 'yes' : '**no**'}`;
}

/** Three decimals, as this project writes shares: no zero before the point. */
function numberOf(value) {
  if (value === undefined) return NONE;
  return value
    .toFixed(3)
    .replace(/^(-?)0\./u, '$1.')
    .replace('-', '−');
}

function tableOf(header, rows) {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}
