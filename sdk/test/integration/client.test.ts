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
import { ApiError, ConnectionError, int, str } from '@likeness/sdk';
import type { ClientOptions, ImageSearchClient } from '@likeness/sdk';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { startRecordingServer } from '../support/recording-server.ts';
import type { RecordingServer } from '../support/recording-server.ts';
import { PICTURE, PICTURE_BASE64, connectTo, formOf } from '../support/test-client.ts';

const NODE_HASH: HashFunctions = {
  sha256: (data) => createHash('sha256').update(data).digest(),
  hmacSha256: (key, data) => createHmac('sha256', key).update(data).digest(),
  hmacSha1: (key, data) => createHmac('sha1', key).update(data).digest(),
};

let server: RecordingServer;

beforeEach(async () => {
  server = await startRecordingServer();
});
afterEach(() => server.close());

function connect(options: Partial<ClientOptions> = {}): ImageSearchClient {
  return connectTo(server.endpoint, [], options);
}

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
      PicContent: PICTURE_BASE64,
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

  test('is nothing without a key: actions need one, and half a key is none', async () => {
    const keyless = { accessKeyId: undefined, accessKeySecret: '' };
    await expect(connect(keyless).detail({ instanceName: 'shoes' })).rejects.toThrow(
      /^Detail needs a key/u,
    );
    expect(() => connect({ accessKeySecret: '' })).toThrow(
      '"accessKeyId" and "accessKeySecret" must be given together',
    );
    expect(server.requests).toHaveLength(0);
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

  test('to a search by text tells what was matched, page after page', async () => {
    const Auctions = [{ ProductId: 'p', Score: 0.7 }];
    const answer = { body: { Head: { DocsFound: 1, MatchedBy: 'embedding' }, Auctions } };
    server.reply(answer, { body: { ...answer.body, Auctions: [] } });
    const pages = connect().searchPagesByText({ instanceName: 'shoes', text: '红鞋 a+b', num: 1 });
    const { value: page } = await pages.next();
    expect(page).toMatchObject({
      head: { matchedBy: 'embedding' },
      auctions: [{ productId: 'p', score: 0.7 }],
    });
    expect((await pages.next()).done).toBe(true);
    expect(server.requests.map((request) => formOf(request))).toEqual([
      { InstanceName: 'shoes', Text: '红鞋 a+b', Num: '1', Start: '0' },
      { InstanceName: 'shoes', Text: '红鞋 a+b', Num: '1', Start: '1' },
    ]);
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
