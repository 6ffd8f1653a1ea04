import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';

import { build } from 'esbuild';
import { parseForm } from '@likeness/shared/encoding';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { startRecordingServer } from '../support/recording-server.ts';
import type { RecordingServer } from '../support/recording-server.ts';

/** Minified, before compression; it was 38 KB when this was written. */
const MAX_BUNDLE_BYTES = 44_000;

/** What a page has. No `process`, no `Buffer`, no `require`. */
const WEB_GLOBALS = {
  AbortController,
  AbortSignal,
  Blob,
  TextDecoder,
  TextEncoder,
  URL,
  clearTimeout,
  fetch,
  setTimeout,
};
const SECURE_PAGE = { ...WEB_GLOBALS, crypto };
/** On plain http, off the loopback, browsers take `crypto.subtle` away. */
const PLAIN_PAGE = {
  ...WEB_GLOBALS,
  crypto: { getRandomValues: (bytes: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(bytes) },
};

/** Long enough that its hash goes to the platform where there is one. */
const PAGE_SCRIPT = `
  const client = new Likeness.ImageSearchClient({ endpoint, accessKeyId: 'id', accessKeySecret: 'secret' });
  const { eq } = Likeness.str('str_attr');
  client.searchImageByPic({
    instanceName: 'shoes',
    picContent: new Blob([new Uint8Array(100_000)]),
    filter: Likeness.and(eq('red'), Likeness.int('int_attr').ge(5)),
  });
`;

let bundle: string;
let server: RecordingServer;

beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../../src/index.ts', import.meta.url))],
    bundle: true,
    conditions: ['@likeness/source'],
    format: 'iife',
    globalName: 'Likeness',
    minify: true,
    platform: 'browser',
    write: false,
  });
  bundle = outputFiles[0]?.text ?? '';
  server = await startRecordingServer();
});
afterAll(() => server.close());

describe('the bundle for browsers', () => {
  test('is small', () => {
    expect(bundle.length).toBeLessThan(MAX_BUNDLE_BYTES);
  });

  test.each([
    ['a secure page', SECURE_PAGE],
    ['a plain page', PLAIN_PAGE],
  ])('signs and searches on %s', async (_page, globals) => {
    server.reply({ body: { Auctions: [{ ProductId: 'p1' }] } });
    const page = createContext({ ...globals, endpoint: server.endpoint });
    runInContext(bundle, page);

    const answer: unknown = await runInContext(PAGE_SCRIPT, page);

    expect(JSON.stringify(answer)).toBe('{"auctions":[{"productId":"p1"}]}');
    const form = Object.fromEntries(parseForm(String(server.requests.at(-1)?.body)));
    expect(form).toMatchObject({ Filter: 'str_attr = "red" AND int_attr >= 5' });
    expect(server.requests.at(-1)?.headers.authorization).toMatch(
      /^ACS3-HMAC-SHA256 Credential=id,/,
    );
  });
});
