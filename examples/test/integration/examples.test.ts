import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { launchServer } from '../../../server/test/support/launched-server.ts';
import type { LaunchedServer } from '../../../server/test/support/launched-server.ts';
import { runProgram } from '../support/run-program.ts';
import { writePicture } from '../support/sample-pictures.ts';

const EXAMPLES = fileURLToPath(new URL('../..', import.meta.url));

let server: LaunchedServer;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'likeness-examples-'));
  await mkdir(join(folder, 'pictures'));
  await writePicture(folder, 'shoe.jpg', { shape: 'box', colour: 'firebrick' });
  await writePicture(folder, 'pictures/p2.jpg', { shape: 'circle', colour: 'navy' });
  await writePicture(folder, 'pictures/p3.jpg', { shape: 'box', colour: 'seagreen' });
  await cp(fileURLToPath(import.meta.url), join(folder, 'pictures/notes.txt'));
  server = await launchServer();
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true });
});

const run = (environment: Readonly<Record<string, string>>, command: string, ...args: string[]) =>
  runProgram(command, args, { cwd: folder, env: { ...server.clientEnvironment, ...environment } });
const runScript = (name: string, args: readonly string[], environment = {}) =>
  name.endsWith('.sh')
    ? run(environment, 'sh', join(EXAMPLES, 'src', name), ...args)
    : run(environment, process.execPath, join(EXAMPLES, 'dist', `${name}.js`), ...args);

/** All four pictures are one: their tags tell them apart, and equal scores are ordered by name. */
const TAG_FILTERS_OUTPUT =
  /^red, and of the summer: img002\nred, or of the summer: img001 img002 img003\nred or .* no pants: img001 img002\na white .*: img001\nINVALID_TAG_FILTER \(request [0-9A-F-]+\): tag_filter\[0\]\.op: expected one of .*\n$/u;
const SHOP_CATALOGUE_OUTPUT =
  /^\d+ pictures; texts in en and zh\n(?:by .*:\n(?: {2}[01]\.\d\d \S+, \w+, \d+\n)+){4}$/u;
/** An answer for each request: created, added twice, searched twice, listed, deleted, told of, deleted. */
const LIBRARY_SCRIPT_OUTPUT =
  /^(?:\{"status":"SUCCESS",.*"data":\{.*\}\n){5}.*"total":2\}\}\n.*"deleted_count":1\}\}\n.*"image_count":1.*\n.*"deleted_images":1\}\}\n$/u;

/** One after another: they search what the first two added. */
describe('the example', () => {
  test.each([
    [['add', 'shoes', 'p1', 'shoe.jpg'], /^added, category \d+, subject at [\d,]+\n$/],
    [
      ['bulk-add', 'shoes', 'pictures'],
      /^added 2 pictures\nnotes.txt: UnsupportedPicFormat: .*\n$/,
    ],
    [['search-by-picture', 'shoes', 'shoe.jpg'], /found \d+ in \d+ ms\n[\s\S]* 1 +│ 'p1'/],
    [['search-by-name', 'shoes', 'p1', 'shoe.jpg'], /^1\.00 p1 shoe\.jpg\n/],
    [['search-by-text', 'shoes', 'red shoes'], /^(?:[01]\.\d\d p\d \S+\n){3}$/],
    [
      ['search-by-filter', 'shoes'],
      /^1 red shoes[\s\S]*InvalidFilterClause \(request [0-9A-F-]+\)/,
    ],
    [['compare', 'shoes', 'shoe.jpg', 'shoe.jpg'], /^score 1\.00: nearly the same picture\n$/],
    [['raw-http.sh', 'shoes', 'shoe.jpg'], /"ProductId": ?"p1"/],
    [['raw-http', 'shoes', 'shoe.jpg'], /^200 [\s\S]*"ProductId": "p1"/],
    [['vendor-sdk', 'shoes', 'shoe.jpg'], /^1 p1 shoe\.jpg\n/],
    [['tag-filters', 'clothing', 'shoe.jpg'], TAG_FILTERS_OUTPUT],
    [['shop-catalogue', 'shop', '5'], SHOP_CATALOGUE_OUTPUT],
    [['library.sh', 'tops', 'shoe.jpg'], LIBRARY_SCRIPT_OUTPUT],
  ])('%j', async ([name = '', ...args], expected) => {
    const { code, output } = await runScript(name, args);
    // In this order: of an example that fails, what it said tells more than its exit code.
    expect(output).toMatch(expected);
    expect(code).toBe(0);
  });

  test.each(['search-by-picture', 'raw-http', 'raw-http.sh', 'vendor-sdk'])(
    "%s, over TLS, trusting the server's own CA",
    async (name) => {
      const caFile = join(server.dataDir, 'tls/ca.pem');
      const { code, output } = await runScript(name, ['shoes', 'shoe.jpg'], {
        LIKENESS_ENDPOINT: server.endpoint.replace('http:', 'https:'),
        NODE_EXTRA_CA_CERTS: caFile,
        CURL_CA_BUNDLE: caFile,
      });
      expect(output).toContain('p1');
      expect(code).toBe(0);
    },
  );
});
