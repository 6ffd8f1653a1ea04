import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { LIBRARY_OPERATIONS } from '../../src/actions/libraries/operations.ts';
import { STATUS_WORDS } from '../../src/http/operators/status-words.ts';
import type { OperatorAnswer, OperatorCalls } from '../support/operator-calls.ts';
import { startOperatorServer, type OperatorServer } from '../support/operator-server.ts';
import { tellPpm } from '../support/told-vision.ts';

const RUNS = {
  seed: Number(process.env['LIKENESS_SEED'] ?? 7),
  numRuns: process.env['LIKENESS_PROVE'] ? 20_000 : 150,
};
const PICTURE = Buffer.from(tellPpm({ vector: [1, 0, 0, 0] })).toString('base64');

/** Fields of all operations, as they may be. */
const FIELDS = {
  library_name: 'shop',
  mode: 'general_search',
  description: '',
  image_id: 'a',
  image_uri: 'a.jpg',
  image_base64: PICTURE,
  image_url: 'http://localhost/',
  query_text: '1 0 0 0',
  tags: { color: 'red' },
  tag_filter: [{ field: 'color', op: '=', value: 'red' }],
  top_k: 5,
  start: 0,
  page: 1,
  page_size: 5,
  thumbnail_width: 100,
  image_weight: 1,
  text_weight: 1,
};
type Field = keyof typeof FIELDS;

let server: OperatorServer;
let calls: OperatorCalls;

beforeAll(async () => {
  server = await startOperatorServer(FIELDS.library_name);
  ({ calls } = server);
});
afterAll(() => server.stop());

/** A valid body of an operation, some of whose fields are replaced by anything. */
const NEARLY_VALID = fc
  .constantFrom(...LIBRARY_OPERATIONS.filter(({ method }) => method === 'POST'))
  .chain(({ path, request }) => {
    const names = Object.keys(request.shape).filter((name): name is Field => name in FIELDS);
    const spoilt = fc.dictionary(
      fc.oneof(fc.constantFrom(...names), fc.string({ maxLength: 5 })),
      fc.oneof(fc.jsonValue(), fc.constantFrom('', null, -1, 1e300, 'x'.repeat(5000), [], {})),
      { maxKeys: 3 },
    );
    return fc.tuple(fc.constant(path), fc.subarray(names, { minLength: 1 }), spoilt);
  });

const TYPES = ['application/json', 'multipart/form-data; boundary=b', 'multipart/form-data'];
const PARTS = fc.array(
  fc.constantFrom(
    '--b',
    '--b--',
    '\r\n',
    'Content-Disposition: form-data; name="image"; filename="a"',
    'Content-Disposition: form-data; name="tags[a]"',
    'Content-Disposition: form-data; name="__proto__"',
    'shop',
    '{"a":',
    '\u0000',
  ),
  { maxLength: 30 },
);

describe('whatever is asked', () => {
  test('is answered in the envelope, and never by a failure of the server', async () => {
    await fc.assert(
      fc.asyncProperty(NEARLY_VALID, async ([path, names, spoilt]) => {
        const valid = Object.fromEntries(names.map((name) => [name, FIELDS[name]]));
        expectEnvelope(await calls.post(path, { ...valid, ...spoilt }));
      }),
      RUNS,
    );
    expect((await calls.get('library/list')).http).toBe(200);
  });

  test('is no request, it is refused as such', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...TYPES), PARTS, async (type, parts) => {
        const answer = await calls.post('image/add', parts.join(''), { 'content-type': type });
        expectEnvelope(answer);
        expect(answer.status).not.toBe('SUCCESS');
      }),
      RUNS,
    );
  });

  test('is a query, it is held to its fields', async () => {
    const name = fc.constantFrom('library_name', 'page', 'page_size', 'return_frame', 'x', '%E0');
    const value = fc.oneof(fc.constantFrom('shop', '1', 'true', '', '%', '1e9'), fc.string());
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, value), { maxLength: 4 }), async (pairs) => {
        const query = pairs.map(([each, text]) => `${each}=${encodeURIComponent(text)}`);
        expectEnvelope(await calls.get(`image/list?${query.join('&')}`));
      }),
      RUNS,
    );
  });
});

function expectEnvelope({ http, status, message, data, response }: OperatorAnswer): void {
  expect(Object.keys(response.json)).toEqual(['status', 'message', 'data']);
  const told = { http, status, message };
  if (http === 200) expect(told).toEqual({ http, status: 'SUCCESS', message: null });
  else {
    expect([status, status in STATUS_WORDS]).toEqual([status, true]);
    expect([told, http >= 400 && http < 500]).toEqual([told, true]);
    expect([typeof message, data]).toEqual(['string', null]);
  }
}
