/** The vendor's document, request by request: `fixtures/operator-document` holds what it shows, as it shows it. */
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { runProgram } from '../../../examples/test/support/run-program.ts';
import { drawSubject } from '../support/drawn-pictures.ts';
import { launchServer, type LaunchedServer } from '../support/launched-server.ts';
import { OperatorCalls } from '../support/operator-calls.ts';

const DOCUMENTED_ENDPOINT = 'http://localhost:8000';
const DOCUMENTED_PICTURE = '/9j/4AAQSkZJRgABAQAAAQABAAD...';

interface Shirt {
  readonly id: string;
  readonly colour: string;
  readonly tags: Readonly<Record<string, string | number>>;
  readonly save_image?: boolean;
}

const SHIRTS: readonly Shirt[] = [
  {
    id: 'img001',
    colour: '#d02020',
    tags: { color: 'red', season: 'summer', category: 'T-shirt', price: 89, score: 0.9 },
  },
  {
    id: 'img002',
    colour: '#2030c0',
    tags: { color: 'blue', season: 'summer', category: 'pants', price: 20, score: 0.96 },
    save_image: false,
  },
  {
    id: 'img003',
    colour: '#c8b070',
    tags: { color: 'beige', season: 'winter', category: 'T-shirt', price: 200, score: 0.5 },
  },
  { id: 'img004', colour: '#303030', tags: { color: 'dark red', season: 'winter' } },
];

const LIBRARIES = { shop_a_tops: 'item_search', general_clothing: 'general_search' };

let server: LaunchedServer;
let pictures: ReadonlyMap<string, string>;
let answers: Readonly<Record<string, unknown>>;

beforeAll(async () => {
  server = await launchServer();
  answers = JSON.parse(await readFixture('answers.json')) as typeof answers;
  pictures = new Map(
    await Promise.all(SHIRTS.map(async ({ id, colour }) => [id, await drawShirt(colour)] as const)),
  );
  const calls = new OperatorCalls(Number(new URL(server.endpoint).port));
  for (const [library_name, mode] of Object.entries(LIBRARIES)) {
    await calls.post('library/create', { library_name, mode });
    for (const { id, tags, save_image = true } of SHIRTS) {
      const image = {
        library_name,
        ...namesOf(id),
        image_base64: pictures.get(id),
        tags,
        save_image,
      };
      expect(await calls.post('image/add', image)).toMatchObject({ status: 'SUCCESS' });
    }
  }
}, 60_000);
afterAll(() => server.stop());

describe('the document', () => {
  test('searches by image', async () => {
    const { status, body } = await run('search-by-image.sh', pictures.get('img001') ?? '');
    expect(status).toBe(200);
    expectLike(body, answers['searchByImage']);
    expect(resultsOf(body).map(withoutScore)).toEqual(['img001', 'img002'].map(shownOf));
    expectRanked(body);
  });

  test('finds nothing by a picture in which there is no item', async () => {
    const { status, body } = await run(
      'search-by-image.sh',
      await drawSubject({ width: 300, height: 300 }, [], '#8a8a8a'),
    );
    expect(status).toBe(200);
    expect(body).toEqual({ ...(answers['noResults'] as object), data: { results: [], total: 0 } });
  });

  test('searches by text', async () => {
    const { status, body } = await run('search-by-text.sh');
    expect(status).toBe(200);
    expectLike(body, answers['searchByText']);
    expect(resultsOf(body).map(withoutScore)).toEqual([shownOf('img001')]);
    expectRanked(body);
  });

  test('refuses a text in item_search mode', async () => {
    const { status, body } = await run('search-by-text.sh', '', [
      'general_clothing',
      'shop_a_tops',
    ]);
    expect(status).toBe(400);
    expect(body).toEqual(answers['modeNotSupported']);
  });

  test('refuses a wrong parameter, and a library that is not there', async () => {
    expect((await run('search-by-image.sh', 'no picture')).status).toBe(400);
    const absent = await run('search-by-text.sh', '', ['general_clothing', 'nowhere']);
    expect(absent.status).toBe(404);
  });

  test('leaves the pictures out with return_frame', async () => {
    const { body } = await run('search-by-text.sh', '', [
      '"top_k"',
      '"return_frame": false, "top_k"',
    ]);
    expect(resultsOf(body).map((result) => result['image_base64'])).toEqual([null]);
  });

  test.each([
    ['and', ['img001']],
    ['or', ['img001', 'img002']],
    ['nested', ['img001']],
    ['shop', ['img003']],
  ])('filters by tags: %s', async (name, ids) => {
    const filters = JSON.parse(await readFixture('tag-filters.json')) as Record<string, unknown>;
    expect(await idsOf(filters[name])).toEqual(ids);
  });

  test('filters by every operator', async () => {
    const { operators } = JSON.parse(await readFixture('tag-filters.json')) as {
      operators: { op: string }[];
    };
    const found: [string, readonly string[]][] = [];
    for (const filter of operators) found.push([filter.op, await idsOf(filter)]);
    expect(found).toEqual([
      ['=', ['img001']],
      ['!=', ['img001', 'img002', 'img003', 'img004']],
      ['>', ['img001', 'img002']],
      ['>=', ['img001', 'img002']],
      ['<', ['img001', 'img002', 'img003']],
      ['<=', ['img001', 'img003']],
      ['like', ['img001', 'img004']],
      ['not like', ['img001', 'img002', 'img003']],
      ['in', ['img001', 'img002']],
      ['not in', ['img001', 'img002', 'img003', 'img004']],
    ]);
  });
});

function readFixture(name: string): Promise<string> {
  return readFile(
    fileURLToPath(new URL(`../fixtures/operator-document/${name}`, import.meta.url)),
    'utf8',
  );
}

interface Ran {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Runs curl as the document has it, but for the port, the picture and what is replaced. */
async function run(
  name: string,
  picture: string | Buffer = '',
  [from, to]: readonly [string, string] = ['', ''],
): Promise<Ran> {
  const base64 = typeof picture === 'string' ? picture : picture.toString('base64');
  const line = (await readFixture(name))
    .trim()
    .replace(DOCUMENTED_ENDPOINT, server.endpoint.replace('127.0.0.1', 'localhost'))
    .replace(DOCUMENTED_PICTURE, base64)
    .replace(from, to);
  const quiet = `${line} -sS -w '\n%{http_code}'`;
  const { output } = await runProgram('sh', ['-c', quiet], { cwd: tmpdir() });
  const cut = output.lastIndexOf('\n');
  return {
    status: Number(output.slice(cut + 1)),
    body: JSON.parse(output.slice(0, cut)) as Ran['body'],
  };
}

/** The images that a search by picture finds with a filter. */
async function idsOf(filter: unknown): Promise<readonly string[]> {
  const shown = JSON.stringify({ tag_filter: filter, top_k: 10, return_frame: false });
  const calls = new OperatorCalls(Number(new URL(server.endpoint).port));
  const answer = await calls.post('search/by-image', {
    ...(JSON.parse(shown) as object),
    library_name: 'general_clothing',
    image_base64: pictures.get('img001'),
  });
  const { results } = answer.data as { results: { image_id: string }[] };
  return results.map(({ image_id }) => image_id).toSorted();
}

/** The same names in the same order, with values of the same types; what is documented as one result may be several. */
function expectLike(actual: unknown, documented: unknown): void {
  expect(describeShape(actual)).toEqual(describeShape(documented));
}

function describeShape(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(describeShape);
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  // What this server adds stands behind what is documented.
  const names = Object.keys(value).filter((name) => name !== 'total' && name !== 'matched_by');
  return names.map((name) => [
    name,
    name === 'tags' ? 'object' : describeShape((value as Record<string, unknown>)[name]),
  ]);
}

function resultsOf(body: Ran['body']): Record<string, unknown>[] {
  return (body['data'] as { results: Record<string, unknown>[] }).results;
}

function withoutScore(result: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(result).filter(([name]) => name !== 'score'));
}

function expectRanked(body: Ran['body']): void {
  const scores = resultsOf(body).map(({ score }) => score as number);
  for (const score of scores) expect(score).toBeGreaterThanOrEqual(0);
  for (const score of scores) expect(score).toBeLessThanOrEqual(1);
  expect(scores).toEqual(scores.toSorted((a, b) => b - a));
}

function shownOf(id: string): Record<string, unknown> {
  const shirt = SHIRTS.find((each) => each.id === id);
  const isKept = shirt?.save_image ?? true;
  return { ...namesOf(id), image_base64: isKept ? pictures.get(id) : null, tags: shirt?.tags };
}

function namesOf(image_id: string): { readonly image_id: string; readonly image_uri: string } {
  return { image_id, image_uri: `https://example.com/tops/${image_id}.jpg` };
}

/** In Base64. */
async function drawShirt(colour: string): Promise<string> {
  const body = { left: 100, top: 80, width: 120, height: 160, colour };
  return (await drawSubject({ width: 320, height: 320 }, [body])).toString('base64');
}
