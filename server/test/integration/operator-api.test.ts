import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { OPERATOR_PREFIX } from '../../src/http/operators/operator-paths.ts';
import type { OperatorAnswer, OperatorCalls } from '../support/operator-calls.ts';
import { startOperatorServer, type OperatorServer } from '../support/operator-server.ts';
import { tellPpm, type ToldPicture } from '../support/told-vision.ts';

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
  return Buffer.from(tellPpm(told)).toString('base64');
}

function imageOf(image_uri: string, told: ToldPicture, more: object = {}): object {
  return {
    library_name: LIBRARY,
    image_id: 'p1',
    image_uri,
    image_base64: base64Of(told),
    ...more,
  };
}

function listOf(answer: OperatorAnswer, name: 'results' | 'images'): Record<string, unknown>[] {
  return answer.data?.[name] as Record<string, unknown>[];
}

function uris(answer: OperatorAnswer): unknown[] {
  return listOf(answer, 'results').map((hit) => hit['image_uri']);
}

async function refill(images: readonly object[]): Promise<void> {
  await calls.post('image/delete', { library_name: LIBRARY, image_id: 'p1' });
  for (const image of images) expect((await calls.post('image/add', image)).http).toBe(200);
}

describe('libraries', () => {
  test('are created, listed, changed and deleted', async () => {
    const made = { library_name: 'made', mode: 'item_search', description: 'Made', qps: 7 };
    const created = await calls.post('library/create', made);
    const info = {
      library_name: 'made',
      mode: 'item_search',
      description: 'Made',
      image_count: 0,
      stored_bytes: 0,
      text_languages: [],
      status: 'ready',
      unembedded_count: 0,
      capacity: 1_000_000_000,
      qps: 7,
      add_qps: 0,
      delete_qps: 0,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/u),
      updated_at: expect.any(String),
    };
    expect(created).toMatchObject({ http: 200, status: 'SUCCESS', message: null });
    expect(created.data).toEqual(info);
    expect((await calls.get('library/info/made')).data).toEqual(info);
    expect((await calls.get('library/list?name_prefix=ma')).data).toEqual({
      libraries: [info],
      total: 1,
    });
    expect((await calls.get('library/list?page=2&page_size=1')).data).toMatchObject({
      libraries: [{ library_name: LIBRARY }],
      total: 2,
    });
    const changed = await calls.post('library/update', { library_name: 'made', description: '' });
    expect(changed.data).toMatchObject({ description: '', qps: 7 });
    const again = await calls.post('library/create', made);
    expect(again).toMatchObject({ http: 409, status: 'LIBRARY_ALREADY_EXISTS' });
    const deleted = await calls.post('library/delete', { library_name: 'made' });
    expect(deleted.data).toEqual({ library_name: 'made', deleted_images: 0 });
    expect(await calls.get('library/info/made')).toMatchObject({ http: 404 });
  });

  test('are held to their limits', async () => {
    const tight = { library_name: 'tight', mode: 'general_search', capacity: 1, delete_qps: 1 };
    await calls.post('library/create', tight);
    const add = (uri: string) =>
      calls.post('image/add', { ...imageOf(uri, RED), library_name: 'tight' });
    expect((await add('a.jpg')).http).toBe(200);
    expect(await add('b.jpg')).toMatchObject({ http: 400, status: 'QUOTA_EXCEEDED' });
    const remove = () => calls.post('image/delete', { library_name: 'tight', image_id: 'p1' });
    expect((await remove()).http).toBe(200);
    const second = await remove();
    expect(second).toMatchObject({ http: 429, status: 'QUOTA_EXCEEDED' });
    expect(Number(second.response.headers['x-acs-retry-after'])).toBeGreaterThan(0);
    await calls.post('library/delete', { library_name: 'tight' });
  });
});

describe('images', () => {
  test('are answered with tags and bytes as they were given', async () => {
    const tags = { color: 'white', sizes: ['M', 38], price: 59.5, sale: true, __proto_: 'x' };
    await refill([
      imageOf('a.jpg', RED, { tags }),
      imageOf('b.jpg', { vector: [0.8, 0.6, 0, 0] }, { save_image: false }),
    ]);
    const answer = await calls.post('search/by-image', {
      library_name: LIBRARY,
      image_base64: base64Of(RED),
      raw_score: true,
    });
    expect(answer.data).toEqual({
      results: [
        {
          image_id: 'p1',
          image_uri: 'a.jpg',
          image_base64: base64Of(RED),
          score: 1,
          tags,
          raw_score: expect.closeTo(1, 2),
        },
        {
          image_id: 'p1',
          image_uri: 'b.jpg',
          image_base64: null,
          score: expect.closeTo(0.9, 1),
          tags: {},
          raw_score: expect.closeTo(0.8, 2),
        },
      ],
      total: 2,
    });
    const { data } = await calls.post('image/query', { library_name: LIBRARY, image_id: 'p1' });
    expect(data).toMatchObject({
      images: [{ image_uri: 'a.jpg', image_base64: base64Of(RED), tags }, { image_base64: null }],
      total: 2,
    });
  });

  test('have their tags replaced, or merged', async () => {
    await refill([imageOf('a.jpg', RED, { tags: { color: 'red', season: 'summer' } })]);
    const key = { library_name: LIBRARY, image_id: 'p1', image_uri: 'a.jpg' };
    const merged = await calls.post('image/update', {
      ...key,
      tags: { color: 'blue' },
      merge: true,
    });
    expect(merged.data).toEqual({
      image_id: 'p1',
      image_uri: 'a.jpg',
      tags: { color: 'blue', season: 'summer' },
    });
    const replaced = await calls.post('image/update', { ...key, tags: { price: 5 } });
    expect(replaced.data).toMatchObject({ tags: { price: 5 } });
    const gone = await calls.post('image/update', { ...key, image_uri: 'no.jpg', tags: {} });
    expect(gone).toMatchObject({ http: 404, status: 'IMAGE_NOT_FOUND' });
  });

  test('are listed, queried and deleted, one, many or by tags', async () => {
    await refill(
      ['a', 'b', 'c', 'd', 'e'].map((name, i) =>
        imageOf(`${name}.jpg`, { ...RED, note: name }, { tags: { even: i % 2 === 0 } }),
      ),
    );
    const listed = await calls.get(`image/list?library_name=${LIBRARY}&page=2&page_size=2`);
    expect(listed.data).toMatchObject({
      images: [{ image_uri: 'c.jpg' }, { image_uri: 'd.jpg' }],
      total: 5,
    });
    expect(listOf(listed, 'images')[0]?.['image_base64']).toBeNull();
    const even = { library_name: LIBRARY, tag_filter: { field: 'even', op: '=', value: true } };
    const queried = await calls.post('image/query', { ...even, page_size: 2, return_frame: false });
    expect(queried.data).toMatchObject({
      images: [{ image_uri: 'a.jpg' }, { image_uri: 'c.jpg' }],
      total: 3,
    });
    const one = { library_name: LIBRARY, image_id: 'p1', image_uri: 'b.jpg' };
    expect((await calls.post('image/query', one)).data).toMatchObject({ total: 1 });
    expect((await calls.post('image/delete', one)).data).toEqual({ deleted_count: 1 });
    expect((await calls.post('image/delete', one)).data).toEqual({ deleted_count: 0 });
    expect(await calls.post('image/query', one)).toMatchObject({ status: 'IMAGE_NOT_FOUND' });
    expect((await calls.post('image/delete', even)).data).toEqual({ deleted_count: 3 });
    const rest = { library_name: LIBRARY, image_id: 'p1' };
    expect((await calls.post('image/delete', rest)).data).toEqual({ deleted_count: 1 });
  });

  test('come as files too', async () => {
    const form = new FormData();
    const fields = { library_name: LIBRARY, image_id: 'p1', image_uri: 'file.jpg' };
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('tags', '{"price": 5, "color": "red"}');
    const bytes = Buffer.from(tellPpm({ ...RED, note: 'file' }));
    form.append('image', new Blob([bytes]), 'file.jpg');
    const url = `http://localhost:${server.port}${OPERATOR_PREFIX}/image/add`;
    const response = await fetch(url, { method: 'POST', body: form });
    expect(await response.json()).toEqual({
      status: 'SUCCESS',
      message: null,
      data: { image_id: 'p1', image_uri: 'file.jpg', tags: { price: 5, color: 'red' } },
    });
    const stored = await calls.post('image/query', fields);
    expect(listOf(stored, 'images')[0]?.['image_base64']).toBe(bytes.toString('base64'));
  });

  test('of a hundred results come whole, however large they are together', async () => {
    const told = Array.from({ length: 100 }, (_, i) => ({
      ...RED,
      note: `${i} ${'x'.repeat(60_000)}`,
    }));
    const library_name = 'large';
    await calls.post('library/create', { library_name, mode: 'general_search' });
    const images = told.map((each, i) => imageOf(`${i}`.padStart(3, '0'), each, { library_name }));
    // One after another: a server that is busy otherwise would refuse a hundred at once for want of time.
    for (const image of images) {
      const { http } = await calls.post('image/add', image);
      expect(http).toBe(200);
    }
    const asked = { library_name, image_base64: base64Of(RED), top_k: 100 };
    const results = listOf(await calls.post('search/by-image', asked), 'results');
    // Megabytes of difference help nobody.
    const wrong = results.filter((hit, i) => hit['image_base64'] !== base64Of(told[i] ?? RED));
    expect([results.length, wrong.length]).toEqual([told.length, 0]);
    await calls.post('library/delete', { library_name });
  }, 60_000);
});

describe('searches', () => {
  test('page, count, threshold and keep one image of each image_id', async () => {
    const seen = [1, 0.9, 0.8, 0].map((x) => ({ vector: [x, Math.sqrt(1 - x * x), 0, 0] }));
    await refill(
      seen.map((told, i) => imageOf(`${i}.jpg`, told, { image_id: i < 2 ? 'p1' : `p${i}` })),
    );
    const search = (more: object) =>
      calls.post('search/by-image', {
        library_name: LIBRARY,
        image_base64: base64Of(RED),
        return_frame: false,
        ...more,
      });
    const page = await search({ start: 1, top_k: 2 });
    expect([uris(page), page.data?.['total']]).toEqual([['1.jpg', '2.jpg'], 4]);
    const good = await search({ score_threshold: 0.85 });
    expect([uris(good), good.data?.['total']]).toEqual([['0.jpg', '1.jpg', '2.jpg'], 3]);
    const distinct = await search({ distinct: true });
    expect([uris(distinct), distinct.data?.['total']]).toEqual([['0.jpg', '2.jpg', '3.jpg'], 3]);
    const similar = { library_name: LIBRARY, image_id: 'p2', image_uri: '2.jpg', top_k: 1 };
    expect(uris(await calls.post('search/similar', similar))).toEqual(['2.jpg']);
    for (const id of ['p2', 'p3']) {
      await calls.post('image/delete', { library_name: LIBRARY, image_id: id });
    }
  });
});
