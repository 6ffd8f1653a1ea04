import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { transform } from 'esbuild';

import { runProgram } from '../../../examples/test/support/run-program.ts';
import { LIBRARY_OPERATIONS } from '../../src/actions/libraries/operations.ts';
import { OPERATOR_PREFIX } from '../../src/http/operators/operator-paths.ts';
import { startObserved, type ObservedServer } from '../support/observed-server.ts';
import { OperatorCalls } from '../support/operator-calls.ts';
import { tellPpm } from '../support/told-vision.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
/** It loads a compiler of its own. */
const GENERATOR_LIMIT_MS = 120_000;
const PICTURE = Buffer.from(tellPpm({ vector: [1, 0, 0, 0] })).toString('base64');

let folder: string;
let server: ObservedServer;
let document: Record<string, unknown>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'likeness-openapi-'));
  server = await startObserved(join(folder, 'data'));
  document = (await (await server.get('/openapi.json')).json()) as typeof document;
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

describe('GET /openapi.json', () => {
  test('is a valid OpenAPI 3.1 document with every operation', async () => {
    expect(document).toMatchObject({ openapi: '3.1.0' });
    expect(await new Validator().validate(document)).toMatchObject({ valid: true });
    const described = Object.entries(document['paths'] as Record<string, object>).flatMap(
      ([path, item]) => Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = LIBRARY_OPERATIONS.map(
      ({ method, path }) => `${method} ${OPERATOR_PREFIX}/${path}`,
    );
    expect(described.toSorted()).toEqual(served.toSorted());
  });

  test(
    'is what a stock generator makes a client of, which adds, filters and searches',
    async () => {
      await generateClient();
      await writeFile(join(folder, 'use.mjs'), USE);
      const url = `http://localhost:${server.port}`;
      const { output } = await runProgram('node', ['use.mjs', url, PICTURE], { cwd: folder });
      expect(JSON.parse(output)).toEqual({
        added: { image_id: 'img002', image_uri: 'b.jpg', tags: { color: 'blue', price: 20 } },
        found: [
          {
            image_id: 'img001',
            image_uri: 'a.jpg',
            image_base64: PICTURE,
            score: 1,
            tags: { color: 'red', price: 10 },
          },
        ],
        listed: 2,
        refused: {
          status: 'LIBRARY_NOT_FOUND',
          message: "Image library 'nowhere' does not exist.",
          data: null,
        },
      });
    },
    GENERATOR_LIMIT_MS,
  );
});

describe('GET /docs', () => {
  test('shows every operation, and takes nothing from elsewhere', async () => {
    const response = await server.get('/docs');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; /u);
    expect(policy).not.toContain('unsafe');
    const page = await response.text();
    for (const { path } of LIBRARY_OPERATIONS) expect(page).toContain(`${OPERATOR_PREFIX}/${path}`);
    expect(page).not.toMatch(/<script|<link|<img|src=|@import|url\(/iu);
  });

  test('shows curl lines that work as they stand', async () => {
    const page = await (await server.get('/docs')).text();
    const lines = [...page.matchAll(/<pre><code>(curl[\s\S]*?)<\/code><\/pre>/gu)].map(
      ([, line = '']) => unescapeHtml(line),
    );
    expect(lines).toHaveLength(LIBRARY_OPERATIONS.length);
    await writeFile(join(folder, 'photo.jpg'), Buffer.from(PICTURE, 'base64'));
    const calls = new OperatorCalls(server.port);
    const library = { library_name: 'shop_a_tops', mode: 'general_search' };
    for (const line of lines) {
      await calls.post('library/create', library);
      await calls.post('image/add', {
        library_name: 'shop_a_tops',
        image_id: 'img001',
        image_uri: 'https://example.com/tops/img001.jpg',
        image_base64: PICTURE,
      });
      // This pack knows no texts.
      if (line.includes('"query_text"')) continue;
      if (line.includes('library/create'))
        await calls.post('library/delete', { library_name: library.library_name });
      const { output } = await runProgram('sh', ['-c', line.replace('curl', 'curl -sS')], {
        cwd: folder,
      });
      expect([line, JSON.parse(output)]).toEqual([
        line,
        expect.objectContaining({ status: 'SUCCESS' }),
      ]);
    }
  });
});

/** By the generator's own command, as its users run it; its answer to TypeScript becomes JavaScript. */
async function generateClient(): Promise<void> {
  await writeFile(join(folder, 'openapi.json'), JSON.stringify(document));
  await writeFile(join(folder, 'generate.mjs'), GENERATE);
  const { code, output } = await runProgram('node', ['generate.mjs', REPOSITORY], {
    cwd: folder,
    timeLimitMs: GENERATOR_LIMIT_MS,
  });
  expect([code, output]).toEqual([0, expect.any(String)]);
  const source = JSON.parse(output) as string;
  const { code: script } = await transform(source, { loader: 'ts', format: 'esm' });
  await writeFile(join(folder, 'client.mjs'), script);
}

const GENERATE = `
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
const [, , repository] = process.argv;
const generator = createRequire(repository + '/package.json').resolve('swagger-typescript-api');
const { generateApi } = await import(pathToFileURL(generator).href);
const { files } = await generateApi({ input: 'openapi.json', output: false, silent: true, httpClientType: 'fetch' });
console.log(JSON.stringify(files[0].fileContent));
`;

const USE = `
import { Api } from './client.mjs';
const [, , baseUrl, image_base64] = process.argv;
const { api } = new Api({ baseUrl });
const dataOf = async (request) => (await request).data.data;
const library_name = 'generated';
await api.libraryCreate({ library_name, mode: 'general_search' });
await api.imageAdd({ library_name, image_id: 'img001', image_uri: 'a.jpg', image_base64, tags: { color: 'red', price: 10 } });
const added = await dataOf(api.imageAdd({ library_name, image_id: 'img002', image_uri: 'b.jpg', image_base64, tags: { color: 'blue', price: 20 } }));
const tag_filter = [{ field: 'color', op: 'in', value: ['red', 'green'] }, { field: 'price', op: '<=', value: 10 }];
const { results } = await dataOf(api.searchByImage({ library_name, image_base64, tag_filter }));
const { total } = await dataOf(api.imageList({ library_name }));
const refused = await api.libraryInfo('nowhere').catch((response) => response.error);
console.log(JSON.stringify({ added, found: results, listed: total, refused }));
`;

function unescapeHtml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
