import { createHash, createHmac } from 'node:crypto';

import { parseForm } from '@likeness/shared/encoding';
import {
  acs3CanonicalRequest,
  acs3Signature,
  acs3StringToSign,
  parseAcs3Authorization,
  rpcV1Signature,
  rpcV1StringToSign,
} from '@likeness/shared/signing';
import type { HashFunctions } from '@likeness/shared/signing';
import {
  ApiError,
  ConnectionError,
  ImageSearchClient,
  TimeoutError,
  int,
  str,
} from '@likeness/sdk';
import type { ClientOptions } from '@likeness/sdk';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { startRecordingServer } from '../support/recording-server.ts';
import type { RecordedRequest, RecordingServer } from '../support/recording-server.ts';

const NODE_HASH: HashFunctions = {
  sha256: (data) => createHash('sha256').update(data).digest(),
  hmacSha256: (key, data) => createHmac('sha256', key).update(data).digest(),
  hmacSha1: (key, data) => createHmac('sha1', key).update(data).digest(),
};
const NOW = Date.parse('2026-11-21T08:00:00Z');
const PICTURE = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0);
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

/** A client whose waits take no time and are written down. */
function connect(options: Partial<ClientOptions> = {}): ImageSearchClient {
  return new ImageSearchClient({
    endpoint: server.endpoint,
    accessKeyId: 'testid',
    accessKeySecret: 'testsecret',
    clock: {
      now: () => NOW,
      sleep: async (ms, signal) => {
        signal?.throwIfAborted();
        sleeps.push(ms);
      },
    },
    ...options,
  });
}

function formOf(request: RecordedRequest | undefined): Record<string, string> {
  return Object.fromEntries(parseForm(String(request?.body)));
}

const nonceOf = (request: RecordedRequest) => request.headers['x-acs-signature-nonce'];

const page = (rows: number) => ({ body: { Auctions: Array.from({ length: rows }, () => ({})) } });
const windows = () =>
  server.requests.map((request) => [formOf(request)['Start'], formOf(request)['Num']]);
const collect = async <Item>(items: AsyncIterable<Item>) => {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
};

describe('what is sent', () => {
  test('is a form with the fields under their wire names, dated and named in headers', async () => {
    await connect().searchImageByPic({
      instanceName: 'shoes',
      picContent: PICTURE,
      region: { x1: 1, y1: 2, x2: 3, y2: 4 },
      filter: int('int_attr').ge(40),
      crop: false,
      num: 20,
      scoreThreshold: 0.5,
    });

    const [request] = server.requests;
    expect(formOf(request)).toEqual({
      InstanceName: 'shoes',
      PicContent: '/9j/4A==',
      Region: '1,3,2,4',
      Filter: 'int_attr >= 40',
      Crop: 'false',
      Num: '20',
      ScoreThreshold: '0.5',
    });
    expect(request).toMatchObject({
      method: 'POST',
      url: '/',
      headers: {
        'x-acs-action': 'SearchImageByPic',
        'x-acs-version': '2020-12-14',
        'x-acs-date': '2026-11-21T08:00:00Z',
        'content-type': 'application/x-www-form-urlencoded',
      },
    });
  });

  test.each([0, 48 * 1024, 3 * 1024 * 1024])(
    'carries an ACS3 signature that holds, with %i bytes of picture',
    async (bytes) => {
      const picContent = new Uint8Array(bytes).fill(0xfb);
      await connect().addImage({
        instanceName: '鞋子',
        productId: "a+b *~'()!",
        picName: '/',
        picContent,
      });

      const { method, url, headers, body } = server.requests[0]!;
      const presented = parseAcs3Authorization(headers.authorization ?? '')!;
      expect(presented.signedHeaders).toEqual(
        expect.arrayContaining(['host', 'content-type', 'x-acs-action', 'x-acs-signature-nonce']),
      );
      const bodyHash = createHash('sha256').update(body).digest('hex');
      expect(headers['x-acs-content-sha256']).toBe(bodyHash);
      const canonical = acs3CanonicalRequest({
        method,
        path: url,
        query: [],
        headers: headers as Record<string, string>,
        signedHeaders: presented.signedHeaders,
        bodyHash,
      });
      const expected = acs3Signature(
        acs3StringToSign(canonical, NODE_HASH),
        'testsecret',
        NODE_HASH,
      );
      expect(presented).toMatchObject({ accessKeyId: 'testid', signature: expected });
      expect(formOf(server.requests[0])).toMatchObject({
        InstanceName: '鞋子',
        ProductId: "a+b *~'()!",
      });
    },
  );

  test('carries an RPC v1 signature that holds, when asked for', async () => {
    await connect({ signature: 'rpc-v1' }).detail({ instanceName: 'a b+c*~' });

    const pairs = parseForm(String(server.requests[0]?.body));
    const toSign = rpcV1StringToSign('POST', pairs, { emptyValues: 'signed' });
    expect(Object.fromEntries(pairs)).toMatchObject({
      Action: 'Detail',
      AccessKeyId: 'testid',
      InstanceName: 'a b+c*~',
      Timestamp: '2026-11-21T08:00:00Z',
      Signature: rpcV1Signature(toSign, 'testsecret', 'HMAC-SHA1', NODE_HASH),
    });
    expect(server.requests[0]?.headers.authorization).toBeUndefined();
  });

  test('goes to the path of the endpoint, which is signed', async () => {
    await connect({ endpoint: `${server.endpoint}/search` }).detail({ instanceName: 'shoes' });
    expect(server.requests[0]?.url).toBe('/search');
  });

  test('never holds a misspelt field: it neither compiles nor is sent', async () => {
    // @ts-expect-error
    const call = connect().detail({ instanceName: 'shoes', instancename: 'shoes' });
    await expect(call).rejects.toThrow('"instancename" is not a field of Detail');
    expect(server.requests).toHaveLength(0);
  });

  test('never holds a filter that does not fit its field: it neither compiles nor is built', () => {
    // @ts-expect-error texts have no order
    expect(() => str('str_attr').ge('red')).toThrow(TypeError);
    // @ts-expect-error
    expect(() => int('int_attr').eq('red')).toThrow(RangeError);
    // @ts-expect-error there are four of each
    expect(int('int_attr5')).toBeDefined();
  });
});

describe('what comes back', () => {
  test('is the body with camelCase names at every depth', async () => {
    server.reply({
      body: { RequestId: 'R', Head: { DocsFound: 1 }, Auctions: [{ ProductId: 'p', IntAttr2: 7 }] },
    });
    const answer = await connect().searchImageByName({
      instanceName: 'shoes',
      productId: 'p',
      picName: 'n',
    });
    expect(answer).toEqual({
      requestId: 'R',
      head: { docsFound: 1 },
      auctions: [{ productId: 'p', intAttr2: 7 }],
    });
  });

  test('is an ApiError for a refusal, of a code this SDK has never heard of too', async () => {
    server.reply({
      status: 418,
      body: { Code: 'Teapot.Short', Message: 'Stout.', RequestId: 'R-9' },
    });
    const failure = connect().detail({ instanceName: 'shoes' });
    await expect(failure).rejects.toThrow(ApiError);
    await expect(failure).rejects.toMatchObject({
      code: 'Teapot.Short',
      status: 418,
      message: 'Stout.',
      requestId: 'R-9',
    });
  });

  test.each([
    ['a page of a proxy', { status: 502, body: '<html>Bad gateway</html>' }],
    ['an empty body', { status: 200, body: '' }],
    ['a list', { status: 200, body: [] }],
    ['a redirect', { status: 302, headers: { location: '/elsewhere' }, body: '' }],
  ])('is a ConnectionError for %s', async (_what, reply) => {
    server.reply(reply);
    const client = connect({ retry: { maxTries: 1 } });
    await expect(client.detail({ instanceName: 'shoes' })).rejects.toThrow(ConnectionError);
    expect(server.requests).toHaveLength(1);
  });

  test('is a ConnectionError that names the cause when nobody listens', async () => {
    await server.close();
    const failure = connect().detail({ instanceName: 'shoes' });
    await expect(failure).rejects.toThrow(ConnectionError);
    await expect(failure).rejects.toMatchObject({
      message: expect.stringContaining('ECONNREFUSED'),
      retryable: true,
    });
  });
});

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
      '/9j/4A==',
      '/9j/4A==',
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
    const call = client.detail({ instanceName: 'shoes' }, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('the user went away')), 50);
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
