import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { consoleFiles } from '../../src/http/console-files.ts';

let folder: string;
let server: Server;
let origin: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'likeness-console-files-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), '<title>page</title>');
  await writeFile(join(folder, 'assets', 'old-1.js'), 'old');
  const serve = consoleFiles(folder);
  server = createServer((request, response) =>
    serve?.(request, response, () => response.writeHead(404).end()),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

test('what carries a digest in its name is kept for ever, the page is not', async () => {
  const [page, asset] = await Promise.all([
    fetch(`${origin}/`),
    fetch(`${origin}/assets/old-1.js`),
  ]);
  expect(await page.text()).toBe('<title>page</title>');
  expect(page.headers.get('cache-control')).toBe('no-cache');
  expect(asset.headers.get('cache-control')).toMatch(/immutable/u);
  for (const { headers } of [page, asset]) {
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/u);
  }
});

test('a build beside the running server takes files away and brings others', async () => {
  await rm(join(folder, 'assets', 'old-1.js'));
  await writeFile(join(folder, 'assets', 'new-2.js'), 'new');
  expect((await fetch(`${origin}/assets/old-1.js`)).status).toBe(404);
  expect(await (await fetch(`${origin}/assets/new-2.js`)).text()).toBe('new');
});

test('nothing outside its folder is served', async () => {
  await writeFile(`${folder}-secret`, 'secret');
  // Clients of the web resolve such a path before they send it.
  const path = `/../${basename(folder)}-secret`;
  const asked = request(`${origin}${path}`, { path }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  expect(answer.resume().statusCode).toBe(404);
  await rm(`${folder}-secret`);
});
