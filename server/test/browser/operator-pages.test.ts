import { readFile, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ImageSearchClient } from '@likeness/sdk';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';

import { writePicture } from '../../../examples/test/support/sample-pictures.ts';
import { describeInBrowser, launchBrowser } from '../support/browser.ts';
import { launchServerOn } from '../support/launched-server.ts';
import type { LaunchedServer } from '../support/launched-server.ts';

const API = '/api/v1/operators/image-search';
const KEY = { accessKeyId: 'test-root', accessKeySecret: 'test-secret' };
const SHOP_HOST = 'shop.example.com';
const ELSEWHERE_HOST = 'elsewhere.example.com';
const REBOUND_HOST = 'rebound.example.com';
/** For a server, a bundle and a browser on a busy machine. */
const START_LIMIT_MS = 180_000;
/** Below a test's own limit, so that it tells what it waited for. */
const PAGE_LIMIT_MS = 50_000;
/** A change that can be seen, as a page would send it. */
const CHANGE = { library_name: 'tops', description: 'changed by a page' };

let dataDir: string;
let server: LaunchedServer;
let pages: Server;
let browser: Browser;
let page: Page;
/** What the operator API answered the page of a test, whatever the page was told of that. */
let statuses: number[];
/** What the server holds, as its owner sees it. */
let state: () => Promise<unknown>;

/** Serves an empty page, and the SDK as a script, for whatever host is asked. */
async function startPages(bundle: string): Promise<Server> {
  const started = createServer((request, response) => {
    const isScript = request.url === '/sdk.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? bundle : '<!doctype html><title>A page</title>');
  });
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return started;
}

async function bundleSdk(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../../../sdk/src/index.ts', import.meta.url))],
    bundle: true,
    conditions: ['@likeness/source'],
    format: 'iife',
    globalName: 'Likeness',
    platform: 'browser',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

const originOf = (host: string): string =>
  `http://${host}:${(pages.address() as AddressInfo).port}`;

/** What a page that asks by `fetch` is told: a status, `opaque`, or the name of an error. */
function ask(address: string, init: object = {}): Promise<unknown> {
  const call = [address, init].map((argument) => JSON.stringify(argument)).join(', ');
  return page.evaluate(
    `fetch(${call}).then((answer) => answer.type === 'opaque' ? 'opaque' : answer.status, (error) => error.name)`,
  );
}

/** How many operator calls the server refused for want of a key, as it counts them itself. */
async function countRefusals(): Promise<number> {
  const metrics = await (await fetch(`${server.endpoint}/metrics`)).text();
  const counts = metrics.matchAll(/^likeness_requests_total\{.*code="UNAUTHORIZED".*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** Submits a form of the page, and tells what the server answered it. */
async function submit(path: string, encoding: string, fields: object): Promise<number> {
  const address = `${server.endpoint}${API}/${path}`;
  const answered = page.waitForResponse(address);
  await page.evaluate(`{
    const form = document.createElement('form');
    form.method = 'post';
    form.enctype = ${JSON.stringify(encoding)};
    form.action = ${JSON.stringify(address)};
    for (const [name, value] of Object.entries(${JSON.stringify(fields)})) {
      const input = document.createElement('input');
      Object.assign(input, { type: 'hidden', name, value });
      form.append(input);
    }
    document.documentElement.append(form);
    form.submit();
  }`);
  return (await answered).status();
}

/** Runs SDK calls in the page, on `tops`. */
function askWithSdk(calls: string, key: object): Promise<unknown> {
  const options = JSON.stringify({ endpoint: server.endpoint, retry: { maxTries: 1 }, ...key });
  return page.evaluate(`(async () => {
    const tops = new Likeness.ImageSearchClient(${options}).library('tops');
    try {
      ${calls}
    } catch (error) {
      return { name: error.name, code: error.code, status: error.status };
    }
  })()`);
}

describeInBrowser('the operator API on loopback', () => {
  let untouched: unknown;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'likeness-pages-'));
    await writePicture(dataDir, 'box.jpg', { shape: 'box', colour: 'firebrick' });
    const image = await readFile(join(dataDir, 'box.jpg'));
    pages = await startPages(await bundleSdk());
    server = await launchServerOn(join(dataDir, 'data'), {
      environment: { LIKENESS_CORS_ORIGINS: originOf(SHOP_HOST) },
    });
    const tops = new ImageSearchClient({ endpoint: server.endpoint }).library('tops');
    await tops.create({ mode: 'general_search', description: 'as it was' });
    await tops.add({ imageId: 'box', imageUri: 'box.jpg', image, tags: { colour: 'red' } });
    state = async () => ({ info: await tops.info(), images: await tops.list() });
    untouched = await state();
    browser = await launchBrowser([SHOP_HOST, ELSEWHERE_HOST, REBOUND_HOST]);
  }, START_LIMIT_MS);
  beforeEach(async () => {
    page = await browser.newPage();
    page.setDefaultTimeout(PAGE_LIMIT_MS);
    statuses = [];
    page.on('response', (response) => {
      const isAsked = response.url().includes(API) && response.request().method() !== 'OPTIONS';
      if (isAsked) statuses.push(response.status());
    });
  });
  afterEach(async () => {
    await page.close();
    expect(await state()).toEqual(untouched);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    pages?.close();
    await rm(dataDir, { recursive: true });
  });

  const POST = { method: 'POST', body: JSON.stringify(CHANGE) };
  const typed = (type: string) => ({ ...POST, headers: { 'content-type': type } });

  test('answers a page of its own without a key', async () => {
    await page.goto(`${server.endpoint}/healthz`);
    expect(await ask(`${API}/library/list`)).toBe(200);
    const query = JSON.stringify({ library_name: 'tops', query_text: 'red' });
    const init = { ...typed('application/json'), body: query };
    expect(await ask(`${API}/search/by-text`, init)).toBe(200);
  });

  describe('has nothing for', () => {
    afterEach(() => {
      expect(statuses.filter((status) => status !== 401)).toEqual([]);
    });

    test.each([
      ['reads', 'library/list', {}],
      ['reads with all that the browser has', 'library/list', { credentials: 'include' }],
      ['sends JSON', 'library/update', typed('application/json')],
      ['sends JSON as text', 'library/update', typed('text/plain')],
      ['sends JSON of no type', 'library/update', POST],
    ])('a page elsewhere that %s', async (_what, path, init) => {
      await page.goto(originOf(ELSEWHERE_HOST));
      expect(await ask(`${server.endpoint}${API}/${path}`, init)).toBe('TypeError');
    });

    test.each([
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ])('a page elsewhere that asks not to be told, in %s', async (type) => {
      await page.goto(originOf(ELSEWHERE_HOST));
      const address = `${server.endpoint}${API}/library/update`;
      const answered = page.waitForResponse(address);
      expect(await ask(address, { ...typed(type), mode: 'no-cors' })).toBe('opaque');
      expect((await answered).status()).toBe(401);
    });

    const added = { library_name: 'tops', image_id: 'by-a-page', image_uri: 'x' };
    test.each([
      // A form of this kind writes name=value, which can be made to look like JSON.
      ['text/plain', 'library/update', { '{"library_name":"tops","description":"': 'changed"}' }],
      ['application/x-www-form-urlencoded', 'library/update', CHANGE],
      ['multipart/form-data', 'image/add', added],
    ])('a form of a page elsewhere, in %s', async (encoding, path, fields) => {
      await page.goto(originOf(ELSEWHERE_HOST));
      expect(await submit(path, encoding, fields)).toBe(401);
    });

    // Browsers name no origin with these, and a page could tell from their failing what there is.
    test.each([
      ['iframe', 'src'],
      ['object', 'data'],
    ])('a page elsewhere that holds a %s of it', async (element, attribute) => {
      await page.goto(originOf(ELSEWHERE_HOST));
      const address = `${server.endpoint}${API}/library/info/tops`;
      const answered = page.waitForResponse(address);
      await page.evaluate(
        `document.documentElement.append(Object.assign(document.createElement('${element}'), { ${attribute}: '${address}' }))`,
      );
      expect((await answered).status()).toBe(401);
    });

    test('a page elsewhere that leads to it', async () => {
      await page.goto(originOf(ELSEWHERE_HOST));
      const address = `${server.endpoint}${API}/library/info/tops`;
      const answered = page.waitForResponse(address);
      await page.evaluate(`location.href = '${address}'`);
      expect((await answered).status()).toBe(401);
    });

    test('a page of no origin', async () => {
      const refusedBefore = await countRefusals();
      await page.goto(originOf(ELSEWHERE_HOST));
      // What a frame of another process loads, the browser does not always report: it tells the page itself.
      const told = await page.evaluate(`new Promise((resolve) => {
      addEventListener('message', ({ data }) => resolve(data), { once: true });
      const frame = document.createElement('iframe');
      frame.sandbox = 'allow-scripts';
      frame.srcdoc = \`<script>
        fetch("${server.endpoint}${API}/library/update", { method: "POST", mode: "no-cors", body: "{}" })
          .then((answer) => answer.type, (error) => error.name)
          .then((told) => parent.postMessage([origin, told], "*"));
      </script>\`;
      document.documentElement.append(frame);
    })`);
      expect(told).toEqual(['null', 'opaque']);
      expect(await countRefusals()).toBe(refusedBefore + 1);
    });

    test('a page of a name that was bound to the server', async () => {
      const { port } = new URL(server.endpoint);
      await page.goto(`http://${REBOUND_HOST}:${port}/healthz`);
      expect(await ask(`${API}/library/list`)).toBe(401);
      expect(await ask(`${API}/library/update`, typed('application/json'))).toBe(401);
      expect(await ask(`${API}/library/info/tops`, { headers: { host: 'localhost' } })).toBe(401);
    });
  });

  test('is described on a page that needs nothing beside itself', async () => {
    const asked: string[] = [];
    const complaints: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(`${server.endpoint}/docs`);
    expect(await page.innerText('body')).toContain('search/by-image-and-text');
    expect(await page.evaluate('getComputedStyle(document.body).maxWidth')).not.toBe('none');
    expect(asked).toEqual([`${server.endpoint}/docs`]);
    expect(complaints).toEqual([]);
  });

  test('serves the SDK on a page of the allow-list, with a key', async () => {
    await page.goto(originOf(SHOP_HOST));
    await page.addScriptTag({ url: '/sdk.js' });
    const calls = `
      const { images } = await tops.query({ imageId: 'box' });
      const { results, total } = await tops.searchByImage({
        image: images[0].imageBase64,
        tagFilter: tops.tag('colour').eq('red'),
      });
      return { imageId: results[0].imageId, score: results[0].score, total };
    `;
    expect(await askWithSdk(calls, KEY)).toEqual({ imageId: 'box', score: 1, total: 1 });
  });

  test('tells a page of the allow-list that it needs a key', async () => {
    await page.goto(originOf(SHOP_HOST));
    await page.addScriptTag({ url: '/sdk.js' });
    const refusal = { name: 'ApiError', code: 'UNAUTHORIZED', status: 401 };
    expect(await askWithSdk('return await tops.info();', {})).toEqual(refusal);
  });

  test('is out of reach of other pages, whatever key they have', async () => {
    await page.goto(originOf(ELSEWHERE_HOST));
    await page.addScriptTag({ url: '/sdk.js' });
    expect(await askWithSdk('return await tops.info();', KEY)).toEqual({ name: 'ConnectionError' });
  });
});
