import { ApiError, ConnectionError, TimeoutError } from '@likeness/sdk';
import type { ClientOptions, ImageSearchClient } from '@likeness/sdk';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { startRecordingServer } from '../support/recording-server.ts';
import type { RecordedRequest, RecordingServer } from '../support/recording-server.ts';
import { PICTURE, PICTURE_BASE64, connectTo, formOf } from '../support/test-client.ts';

const BUSY = {
  status: 503,
  headers: { 'x-acs-retry-after': '700' },
  body: { Code: 'ServiceUnavailable', Message: 'Busy.', RequestId: 'R-1' },
};

let server: RecordingServer;
let sleeps: number[];

beforeEach(async () => {
  server = await startRecordingServer();
  sleeps = [];
});
afterEach(() => server.close());

function connect(options: Partial<ClientOptions> = {}): ImageSearchClient {
  return connectTo(server.endpoint, sleeps, options);
}

const nonceOf = (request: RecordedRequest) => request.headers['x-acs-signature-nonce'];
const page = (rows: number) => ({ body: { Auctions: Array.from({ length: rows }, () => ({})) } });
const windows = () =>
  server.requests.map((request) => [formOf(request)['Start'], formOf(request)['Num']]);

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('trying again', () => {
  test('signs every try anew', async () => {
    server.reply('drop', BUSY);
    await connect().detail({ instanceName: 'shoes' });

    expect(server.requests).toHaveLength(3);
    expect(new Set(server.requests.map(nonceOf)).size).toBe(3);
    expect(new Set(server.requests.map(({ headers }) => headers.authorization)).size).toBe(3);
    expect(sleeps[1]).toBe(700);
  });

  const key = { instanceName: 'shoes', productId: 'p', picName: 'n' };
  type Act = (client: ImageSearchClient) => Promise<unknown>;
  const repeatable: readonly [string, Act][] = [
    [
      'searchImageByPic',
      (client) => client.searchImageByPic({ instanceName: 'shoes', picContent: PICTURE }),
    ],
    ['addImage', (client) => client.addImage({ ...key, picContent: PICTURE })],
    ['updateImage', (client) => client.updateImage({ ...key, intAttr: 1 })],
    ['updateInstance', (client) => client.updateInstance({ instanceName: 'shoes', qps: 1 })],
    ['listInstances', (client) => client.listInstances()],
  ];
  const once: readonly [string, Act][] = [
    ['deleteImage', (client) => client.deleteImage(key)],
    [
      'createInstance',
      (client) => client.createInstance({ instanceName: 'shoes', serviceType: 'product' }),
    ],
    ['clearInstance', (client) => client.clearInstance({ instanceName: 'shoes' })],
    ['deleteInstance', (client) => client.deleteInstance({ instanceName: 'shoes' })],
  ];

  test.each(repeatable)(
    '%s is sent again after a lost connection and a 500',
    async (_name, act) => {
      server.reply('drop', { status: 500, body: { Code: 'InternalError' } });
      await act(connect());
      expect(server.requests).toHaveLength(3);
    },
  );

  test.each(once)('%s is not sent again after a lost connection', async (_name, act) => {
    server.reply('drop');
    await expect(act(connect())).rejects.toMatchObject({
      name: 'ConnectionError',
      retryable: false,
    });
    expect(server.requests).toHaveLength(1);
  });

  test.each([...repeatable, ...once])(
    '%s is sent again when refused for load',
    async (_name, act) => {
      server.reply(BUSY);
      await act(connect());
      expect(server.requests).toHaveLength(2);
      expect(sleeps).toEqual([700]);
    },
  );

  test.each([
    ['a wrong request', { status: 400, body: { Code: 'InvalidInstance' } }],
    ['a wait beyond the longest', { ...BUSY, headers: { 'x-acs-retry-after': '60000' } }],
  ])('never happens after %s', async (_what, reply) => {
    server.reply(reply);
    await expect(connect().detail({ instanceName: 'shoes' })).rejects.toThrow(ApiError);
    expect(server.requests).toHaveLength(1);
  });

  test('ends after the third failure, with the last one', async () => {
    server.reply(BUSY, BUSY, { ...BUSY, body: { Code: 'Throttling.User' } });
    const failure = connect().detail({ instanceName: 'shoes' });
    await expect(failure).rejects.toMatchObject({ code: 'Throttling.User', retryAfterMs: 700 });
    expect(server.requests).toHaveLength(3);
  });

  test('sends a stream again from what it had read', async () => {
    server.reply('drop');
    const picContent = new Blob([PICTURE]).stream();
    await connect().searchImageByPic({ instanceName: 'shoes', picContent });
    expect(server.requests.map((request) => formOf(request)['PicContent'])).toEqual([
      PICTURE_BASE64,
      PICTURE_BASE64,
    ]);
  });
});

describe('giving up', () => {
  test('a server that does not answer in time is a TimeoutError, which is a ConnectionError', async () => {
    server.reply('hang');
    const client = connect({ timeoutMs: 50, retry: { maxTries: 1 } });
    const failure = client.detail({ instanceName: 'shoes' });
    await expect(failure).rejects.toThrow(TimeoutError);
    await expect(failure).rejects.toThrow(ConnectionError);
    await expect(failure).rejects.toMatchObject({ retryable: true });
  });

  test('an aborted signal ends the call with its reason, and there is no further try', async () => {
    server.reply('hang');
    const controller = new AbortController();
    const client = connect();
    const heard = server.nextRequest();
    const call = client.detail({ instanceName: 'shoes' }, { signal: controller.signal });
    void heard.then(() => controller.abort(new Error('the user went away')));
    await expect(call).rejects.toThrow('the user went away');
    expect(server.requests).toHaveLength(1);
  });

  test('a signal that is aborted already sends nothing', async () => {
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(connect().detail({ instanceName: 'shoes' }, { signal })).rejects.toThrow(
      'too late',
    );
    expect(server.requests).toHaveLength(0);
  });
});

describe('pages', () => {
  test('of a search follow each other until one is not full, a stream being read once', async () => {
    server.reply(page(2), page(2), page(1));
    const picContent = new Blob([PICTURE]).stream();
    const pages = connect().searchPagesByPic({ instanceName: 'shoes', picContent, num: 2 });
    expect((await collect(pages)).map(({ auctions }) => auctions.length)).toEqual([2, 2, 1]);
    expect(windows()).toEqual([
      ['0', '2'],
      ['2', '2'],
      ['4', '2'],
    ]);
  });

  test('of a search end with the window of 500', async () => {
    server.reply(page(80), page(80), page(20));
    const start = { instanceName: 'shoes', filter: 'int_attr = 1', start: 320, num: 80 };
    await collect(connect().searchPagesByFilter(start));
    expect(windows()).toEqual([
      ['320', '80'],
      ['400', '80'],
      ['480', '20'],
    ]);
  });

  test('are one, empty, where nothing is found', async () => {
    server.reply(page(0));
    const key = { instanceName: 'shoes', productId: 'p', picName: 'n' };
    expect(await collect(connect().searchPagesByName(key))).toEqual([{ auctions: [] }]);
  });

  test('of a listing follow its cursors', async () => {
    server.reply(
      { body: { Images: [{ ProductId: 'a' }, { ProductId: 'b' }], NextCursor: 'next' } },
      { body: { Images: [{ ProductId: 'c' }], NextCursor: '' } },
    );
    const images = await collect(connect().listAllImages({ instanceName: 'shoes' }));
    expect(images.map(({ productId }) => productId)).toEqual(['a', 'b', 'c']);
    expect(server.requests.map((request) => formOf(request)['Cursor'])).toEqual([
      undefined,
      'next',
    ]);
  });
});
