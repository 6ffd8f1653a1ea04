import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ApiError, ImageSearchClient } from '@likeness/sdk';
import type { ClientOptions, Library } from '@likeness/sdk';
import { fromFile } from '@likeness/sdk/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { writePicture } from '../../../examples/test/support/sample-pictures.ts';
import { launchServer } from '../../../server/test/support/launched-server.ts';
import type { LaunchedServer } from '../../../server/test/support/launched-server.ts';
import { pictureForms } from '../support/picture-forms.ts';
import { startRecordingServer } from '../support/recording-server.ts';
import type { RecordingServer } from '../support/recording-server.ts';
import { connectTo } from '../support/test-client.ts';

const KEY = { accessKeyId: 'test-root', accessKeySecret: 'test-secret' };

interface Shape {
  readonly color: string;
  readonly price: number;
  readonly sizes?: readonly string[];
  readonly onSale?: boolean;
}

let server: LaunchedServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'likeness-library-'));
  await writePicture(folder, 'box.jpg', { shape: 'box', colour: 'firebrick' });
  await writePicture(folder, 'circle.jpg', { shape: 'circle', colour: 'navy' });
  server = await launchServer();
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true });
});

const connect = (options: Partial<ClientOptions> = {}): ImageSearchClient =>
  new ImageSearchClient({ endpoint: server.endpoint, ...options });
const tops = (options: Partial<ClientOptions> = {}) => connect(options).library('tops');
const box = () => fromFile(join(folder, 'box.jpg'));
const circle = () => fromFile(join(folder, 'circle.jpg'));

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield new Uint8Array(1024 * 1024);
}

describe.each([
  ['without a key, on the machine of the server', 'open', {}],
  ['signed with a key', 'signed', KEY],
])('an image library %s', (_how, name, key) => {
  let client: ImageSearchClient;
  let shapes: Library<Shape>;
  const boxKey = { imageId: 'box', imageUri: 'https://example.com/box 1.jpg?a=b&c=%20+' };

  beforeAll(() => {
    client = connect(key);
    shapes = client.library<Shape>(`shapes_${name}`);
  });

  test('is created, told of, and configured', async () => {
    const settings = { description: '形状', capacity: 1000, qps: 50, addQps: 40, deleteQps: 30 };
    expect(await shapes.create({ mode: 'general_search', ...settings })).toEqual({
      ...settings,
      libraryName: shapes.name,
      mode: 'general_search',
      imageCount: 0,
      storedBytes: 0,
      textLanguages: expect.arrayContaining(['en', 'zh']),
      status: 'ready',
      unembeddedCount: 0,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/u),
      updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/u),
    });
    await shapes.configure({ qps: 0, addQps: 0, deleteQps: 0 });
    expect(await shapes.info()).toMatchObject({ description: '形状', qps: 0, status: 'ready' });
    await expect(shapes.create({ mode: 'item_search' })).rejects.toMatchObject({
      code: 'LIBRARY_ALREADY_EXISTS',
      status: 409,
    });
  });

  test('is among those that are listed', async () => {
    const { libraries, total } = await client.libraries.list({ namePrefix: `shapes_${name}` });
    expect(libraries.map(({ libraryName }) => libraryName)).toEqual([shapes.name]);
    expect(total).toBe(1);
    const all = await collect(client.libraries.listAll({ pageSize: 1 }));
    expect(all.map(({ libraryName }) => libraryName)).toContain(shapes.name);
  });

  test('takes pictures in every form, with tags of every type', async () => {
    const forms = await pictureForms(join(folder, 'circle.jpg'));
    for (const [index, [imageUri, image]] of forms.entries()) {
      const tags = { color: 'navy', price: index };
      await shapes.add({ imageId: 'circle', imageUri, image, tags });
    }
    const tags = { color: '红 "quoted"', price: 42.5, sizes: ['S', 'M'], onSale: true };
    expect(await shapes.add({ ...boxKey, image: box(), tags })).toEqual({ ...boxKey, tags });
    expect((await shapes.info()).imageCount).toBe(6);
  });

  test('finds a picture itself first, with all that was stored', async () => {
    const { results, total } = await shapes.searchByImage({ image: box(), rawScore: true });
    expect(results[0]).toEqual({
      ...boxKey,
      imageBase64: await readFile(join(folder, 'box.jpg'), 'base64'),
      score: 1,
      rawScore: expect.any(Number),
      tags: { color: '红 "quoted"', price: 42.5, sizes: ['S', 'M'], onSale: true },
    });
    expect(total).toBe(6);
  });

  test('narrows a search by filters, thresholds and pages', async () => {
    const tagFilter = [shapes.tag('color').like('na'), shapes.tag('price').ge(1)];
    const narrow = { image: circle(), tagFilter, returnFrame: false, scoreThreshold: 0.5 } as const;
    const first = await shapes.searchByImage({ ...narrow, topK: 3 });
    const second = await shapes.searchByImage({ ...narrow, topK: 3, start: 3 });
    expect([first.total, first.results.length, second.results.length]).toEqual([4, 3, 1]);
    const found = [...first.results, ...second.results];
    expect(new Set(found.map(({ tags }) => tags.price))).toEqual(new Set([1, 2, 3, 4]));
    expect(found.every(({ imageBase64 }) => imageBase64 === null)).toBe(true);
    const distinct = await shapes.searchByImage({ ...narrow, distinct: true });
    expect(distinct.results.map(({ imageId }) => imageId)).toEqual(['circle']);
  });

  test('is searched by text, by picture and text, and by a stored picture', async () => {
    const shown = { returnFrame: false, thumbnailWidth: 160 };
    const byText = await shapes.searchByText({ queryText: 'red box', ...shown });
    expect(byText).toMatchObject({
      total: 6,
      matchedBy: expect.stringMatching(/embedding|words/u),
    });
    expect(byText.results[0]?.thumbnailUrl).toMatch(/^\//u);
    const weights = { imageWeight: 1, textWeight: 0 };
    const query = { image: box(), queryText: 'red box', ...weights, ...shown };
    const byBoth = await shapes.searchByImageAndText(query);
    expect(byBoth.results[0]).toMatchObject({ imageId: 'box' });
    const similar = await shapes.similar({ ...boxKey, topK: 1, ...shown });
    expect(similar.results).toMatchObject([{ ...boxKey, score: 1 }]);
  });

  test('changes tags: all of them, or those named', async () => {
    const merged = await shapes.update({ ...boxKey, tags: { price: 40 }, merge: true });
    expect(merged.tags).toEqual({
      color: '红 "quoted"',
      price: 40,
      sizes: ['S', 'M'],
      onSale: true,
    });
    const replaced = await shapes.update({ ...boxKey, tags: { color: 'red', price: 1 } });
    expect(replaced.tags).toEqual({ color: 'red', price: 1 });
    const missing = shapes.update({ ...boxKey, imageId: 'none', tags: { color: 'red', price: 1 } });
    await expect(missing).rejects.toMatchObject({ code: 'IMAGE_NOT_FOUND', status: 404 });
  });

  test('tells of pictures by name, by filter, and all of them page by page', async () => {
    const image = await shapes.get(boxKey);
    expect(image).toMatchObject({ ...boxKey, tags: { color: 'red', price: 1 } });
    expect(image?.imageBase64).toBe(await readFile(join(folder, 'box.jpg'), 'base64'));
    expect(await shapes.get({ ...boxKey, imageUri: 'none' })).toBeUndefined();

    const navy = { tagFilter: shapes.tag('color').eq('navy'), returnFrame: false, pageSize: 2 };
    expect(await shapes.query(navy)).toMatchObject({ total: 5, images: [{}, {}] });
    expect(await collect(shapes.queryAll(navy))).toHaveLength(5);
    expect((await shapes.query({ imageId: 'circle' })).total).toBe(5);
    const all = await collect(shapes.listAll({ pageSize: 4 }));
    expect(all.map(({ imageId, imageUri }) => [imageId, imageUri])).toEqual([
      [boxKey.imageId, boxKey.imageUri],
      ...['base64', 'blob', 'bytes', 'file', 'stream'].map((form) => ['circle', form]),
    ]);
    expect(Date.parse(all[0]?.addedAt ?? '')).toBeGreaterThan(0);
  });

  test('removes a picture, all of a name, or what a filter matches', async () => {
    const removed = async (...[selection]: Parameters<typeof shapes.remove>) =>
      (await shapes.remove(selection)).deletedCount;
    expect(await removed({ tagFilter: shapes.tag('price').ge(3) })).toBe(2);
    expect(await removed(boxKey)).toBe(1);
    expect(await removed(boxKey)).toBe(0);
    expect(await removed({ imageId: 'circle' })).toBe(3);
  });

  test('ends, and is then unknown', async () => {
    const tags = { color: 'red', price: 1 };
    await shapes.add({ ...boxKey, image: box(), tags, saveImage: false });
    expect((await shapes.get(boxKey))?.imageBase64).toBeNull();
    expect(await shapes.delete()).toEqual({ libraryName: shapes.name, deletedImages: 1 });
    await expect(shapes.info()).rejects.toMatchObject({ code: 'LIBRARY_NOT_FOUND', status: 404 });
  });
});

describe('a refusal', () => {
  beforeAll(() => tops().create({ mode: 'item_search' }));

  test('is the one error class, with word, status, message and request id', async () => {
    const failure = tops().searchByText({ queryText: 'red' });
    await expect(failure).rejects.toThrow(ApiError);
    await expect(failure).rejects.toMatchObject({
      code: 'MODE_NOT_SUPPORTED',
      status: 400,
      message:
        "Image library 'tops' is in item_search mode and does not support text-to-image search.",
      requestId: expect.stringMatching(/^[0-9A-F-]{36}$/u),
    });
  });

  test.each<[string, () => Promise<unknown>, string]>([
    ['a wrong secret', () => tops({ ...KEY, accessKeySecret: 'wrong' }).info(), 'UNAUTHORIZED'],
    ['an unknown key', () => tops({ ...KEY, accessKeyId: 'nobody' }).info(), 'UNAUTHORIZED'],
    ['no picture', () => tops().searchByImage({ image: new Uint8Array(9) }), 'INVALID_IMAGE'],
    [
      'a picture on a host that the server may not ask',
      () =>
        tops().add({ imageId: 'a', imageUri: 'b', image: new URL('https://example.com/a.jpg') }),
      'INVALID_IMAGE',
    ],
    ['a picture without end', () => tops().searchByImage({ image: endless() }), 'INVALID_IMAGE'],
    [
      'an operator that there is not',
      () => tops().query({ tagFilter: JSON.parse('{"field":"a","op":"~","value":1}') }),
      'INVALID_TAG_FILTER',
    ],
    [
      'a number out of bounds',
      () => tops().searchByImage({ image: box(), topK: 101 }),
      'INVALID_PARAMETER',
    ],
    ['no library of that name', () => connect().library('none').list(), 'LIBRARY_NOT_FOUND'],
  ])('of %s', async (_what, act, code) => {
    await expect(act()).rejects.toMatchObject({ name: 'ApiError', code });
  });
});

describe('over any connection, a call', () => {
  let flaky: RecordingServer;
  beforeEach(async () => {
    flaky = await startRecordingServer();
  });
  afterEach(() => flaky.close());
  const busy = {
    status: 429,
    headers: { 'x-acs-retry-after': '700' },
    body: { status: 'QUOTA_EXCEEDED', message: 'Too many.', data: null },
  };
  const done = { body: { status: 'SUCCESS', message: null, data: {} } };
  const library = (sleeps: number[] = []) => connectTo(flaky.endpoint, sleeps).library('tops');

  test('goes below the path of the endpoint, as a proxy may have it', async () => {
    flaky.reply(done);
    const client = connectTo(`${flaky.endpoint}/images/`, []);
    await client.library('tops').list({ pageSize: 5 });
    expect(flaky.requests[0]?.url).toBe(
      '/images/api/v1/operators/image-search/image/list?library_name=tops&page_size=5',
    );
  });

  test('is repeated when refused for load, signed anew', async () => {
    flaky.reply(busy, done);
    const sleeps: number[] = [];
    await library(sleeps).remove({ imageId: 'a' });
    expect(sleeps).toEqual([700]);
    const nonces = flaky.requests.map(({ headers }) => headers['x-acs-signature-nonce']);
    expect(new Set(nonces).size).toBe(2);
  });

  test('is repeated after a lost connection if it reads or overwrites, and else not', async () => {
    flaky.reply('drop', done);
    await library().searchByText({ queryText: 'red' });
    flaky.reply('drop');
    await expect(library().delete()).rejects.toMatchObject({ name: 'ConnectionError' });
    expect(flaky.requests).toHaveLength(3);
  });

  test('is not repeated where the server cannot do it', async () => {
    flaky.reply({ status: 501, body: { status: 'NOT_AVAILABLE', message: 'No.', data: null } });
    await expect(library().list()).rejects.toMatchObject({ code: 'NOT_AVAILABLE', status: 501 });
    expect(flaky.requests).toHaveLength(1);
  });

  test('fails where something else answers', async () => {
    flaky.reply({ body: { greeting: 'hello' } });
    await expect(library().info()).rejects.toMatchObject({ name: 'ConnectionError' });
  });
});
