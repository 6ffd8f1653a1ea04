import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import type { OperatorCalls } from '../support/operator-calls.ts';
import { startOperatorServer, type OperatorServer } from '../support/operator-server.ts';
import { tellPicture, type ToldPicture } from '../support/told-vision.ts';

const RED = { vector: [1, 0, 0, 0] };
const LIBRARY = 'shop_tops';

let server: OperatorServer;
let calls: OperatorCalls;

beforeAll(async () => {
  server = await startOperatorServer(LIBRARY);
  ({ calls } = server);
});
afterAll(() => server.stop());

function base64Of(told: ToldPicture): string {
  return Buffer.from(tellPicture(told)).toString('base64');
}

describe('a refusal of the operator API', () => {
  const PICTURE = base64Of(RED);
  const SEARCH = { library_name: LIBRARY, image_base64: PICTURE };

  test.each([
    [
      'search/by-image',
      { image_base64: PICTURE },
      'INVALID_PARAMETER',
      /^library_name: expected .*, got nothing$/u,
    ],
    [
      'search/by-image',
      { ...SEARCH, library_name: 'a b' },
      'INVALID_PARAMETER',
      /^library_name: .* got "a b"$/u,
    ],
    [
      'search/by-image',
      { ...SEARCH, top_k: 101 },
      'INVALID_PARAMETER',
      /^top_k: expected a whole number from 1 to 100, got 101$/u,
    ],
    ['search/by-image', { ...SEARCH, top_k: '5' }, 'INVALID_PARAMETER', /^top_k: .* got "5"$/u],
    [
      'search/by-image',
      { ...SEARCH, start: 499, top_k: 2 },
      'INVALID_PARAMETER',
      /^start: .* 500/u,
    ],
    ['search/by-image', { ...SEARCH, topk: 1 }, 'INVALID_PARAMETER', /"topk": no such field/u],
    [
      'search/by-image',
      { ...SEARCH, score_threshold: 1.5 },
      'INVALID_PARAMETER',
      /^score_threshold: expected a number from 0 to 1, got 1.5$/u,
    ],
    [
      'search/by-image',
      { ...SEARCH, return_frame: 'no' },
      'INVALID_PARAMETER',
      /^return_frame: expected true or false/u,
    ],
    [
      'search/by-image',
      { ...SEARCH, image_base64: undefined },
      'INVALID_PARAMETER',
      /^image_base64: .* got nothing$/u,
    ],
    [
      'search/by-image',
      { ...SEARCH, image_base64: `data:image/png;base64,${PICTURE}` },
      'INVALID_IMAGE',
      /^image_base64: expected a picture in Base64, without a "data:" prefix/u,
    ],
    ['search/by-image', { ...SEARCH, image_base64: '' }, 'INVALID_IMAGE', /^image_base64: /u],
    ['search/by-image', { ...SEARCH, image_base64: 'AAAA' }, 'INVALID_IMAGE', /could not be read/u],
    [
      'search/by-image',
      { ...SEARCH, image_base64: base64Of({ ...RED, sidePx: 15 }) },
      'INVALID_IMAGE',
      /16 to 8192 pixels/u,
    ],
    [
      'search/by-image',
      { ...SEARCH, tag_filter: [{ or: [{ field: 'a', op: '~', value: 1 }] }] },
      'INVALID_TAG_FILTER',
      /^tag_filter\[0\]\.or\[0\]\.op: expected one of .*, got "~"$/u,
    ],
    ['search/by-image', '{"library_name":', 'INVALID_PARAMETER', /^body: expected JSON/u],
    ['search/by-image', '[]', 'INVALID_PARAMETER', /^body: expected a JSON object/u],
    [
      'search/by-text',
      { library_name: LIBRARY, query_text: ' ' },
      'INVALID_PARAMETER',
      /^query_text: /u,
    ],
    [
      'image/add',
      { ...SEARCH, image_id: 'a', image_uri: 'b', tags: { color: null } },
      'INVALID_PARAMETER',
      /^tags\.color: /u,
    ],
    [
      'image/add',
      { ...SEARCH, image_id: 'a', image_uri: 'b', image_url: 'http://x/' },
      'INVALID_PARAMETER',
      /either image_base64 or image_url/u,
    ],
    [
      'image/add',
      { library_name: LIBRARY, image_id: 'a', image_uri: 'b', image_url: 'http://127.0.0.1/' },
      'INVALID_IMAGE',
      /./u,
    ],
    [
      'image/delete',
      { library_name: LIBRARY },
      'INVALID_PARAMETER',
      /^image_id: expected image_id or tag_filter/u,
    ],
    [
      'image/delete',
      { library_name: LIBRARY, tag_filter: [] },
      'INVALID_PARAMETER',
      /^tag_filter: expected at least one condition/u,
    ],
    [
      'image/delete',
      { library_name: LIBRARY, image_id: 'a', tag_filter: { field: 'a', op: '=', value: 1 } },
      'INVALID_PARAMETER',
      /nothing beside tag_filter/u,
    ],
    [
      'library/create',
      { library_name: 'a', mode: 'fast' },
      'INVALID_PARAMETER',
      /^mode: expected one of item_search/u,
    ],
    [
      'library/update',
      { library_name: LIBRARY, mode: 'item_search' },
      'INVALID_PARAMETER',
      /"mode": no such field/u,
    ],
  ])('%s %j: %s', async (path, body, status, message) => {
    expect(await calls.post(path, body)).toMatchObject({
      http: 400,
      status,
      message: expect.stringMatching(message),
      data: null,
    });
  });

  test('null counts as absent', async () => {
    const answer = await calls.post('search/by-image', {
      ...SEARCH,
      tag_filter: null,
      top_k: null,
    });
    expect(answer.http).toBe(200);
  });

  test.each([
    ['GET', 'search/by-image', 405, 'METHOD_NOT_ALLOWED'],
    ['GET', 'nothing', 404, 'NOT_FOUND'],
    ['GET', '', 404, 'NOT_FOUND'],
    ['GET', 'library/info/a%E0', 400, 'INVALID_PARAMETER'],
    ['GET', 'image/tasks/results/t1', 501, 'NOT_AVAILABLE'],
    ['POST', 'image/tasks/create', 501, 'NOT_AVAILABLE'],
    ['POST', 'library/list', 405, 'METHOD_NOT_ALLOWED'],
  ])('%s %s is %i %s', async (method, path, http, status) => {
    const answer = method === 'GET' ? calls.get(path) : calls.post(path, {});
    expect(await answer).toMatchObject({ http, status, message: expect.any(String), data: null });
  });

  test('a body of over 8 MB, or of over 5 MB in parts, is too large', async () => {
    const large = { ...SEARCH, image_base64: 'A'.repeat(8 * 1024 * 1024) };
    expect(await calls.post('search/by-image', large)).toMatchObject({
      http: 413,
      status: 'REQUEST_TOO_LARGE',
    });
    const parts = { 'content-type': 'multipart/form-data; boundary=b' };
    const body = 'x'.repeat(5 * 1024 * 1024 + 1);
    expect(await calls.post('image/add', body, parts)).toMatchObject({ http: 413 });
  });
});
