import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { STATUS_WORDS } from '../../../server/src/http/operators/status-words.ts';
import { launchServer } from '../../../server/test/support/launched-server.ts';
import type { LaunchedServer } from '../../../server/test/support/launched-server.ts';
import { readCodeBlocks } from '../support/code-blocks.ts';
import type { CodeBlock } from '../support/code-blocks.ts';
import { runProgram } from '../support/run-program.ts';
import { writePicture } from '../support/sample-pictures.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const DOCUMENTED_ENDPOINT = 'http://localhost:8000';
/** Four commands, each of which starts npx and a program, on a busy machine. */
const TIME_LIMIT_MS = 180_000;
const SEPARATOR = '-- next block --';

let folder: string;
let server: LaunchedServer;
let blocks: readonly CodeBlock[];
let guide: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'likeness-operator-api-'));
  await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writePicture(folder, 'shirt.jpg', { shape: 'box', colour: 'silver' });
  await writePicture(folder, 'dress.jpg', { shape: 'circle', colour: 'firebrick' });
  server = await launchServer();
  guide = await readFile(join(REPOSITORY, 'docs/operator-api.md'), 'utf8');
  blocks = readCodeBlocks(guide.replaceAll(DOCUMENTED_ENDPOINT, server.endpoint));
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true });
});

/** Without a key: this is the server's machine. */
const run = (command: string, ...args: string[]) =>
  runProgram(command, args, {
    cwd: folder,
    env: { LIKENESS_ENDPOINT: server.endpoint },
    timeLimitMs: TIME_LIMIT_MS,
  });

/** What shell blocks print, one after another in one shell. */
async function runShell(shell: readonly CodeBlock[]): Promise<string[]> {
  const script = shell.map(({ code }) => code).join(`\necho; echo '${SEPARATOR}'\n`);
  const { output } = await run('sh', '-e', '-c', script);
  return output.split(`${SEPARATOR}\n`);
}

/** What of an answer is not of one moment, or one model. */
function settled(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => settled(each));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, settled(each, key)]),
    );
  }
  return /^(?:score|image_id|.*_at)$/u.test(name) ? typeof value : value;
}

/** One after another: each goes on with what the one before has left. */
describe('docs/operator-api.md', () => {
  test('shows what curl is answered', async () => {
    const curl = blocks.filter(({ info, code }) => info === 'sh' && code.includes('curl'));
    const answers = (await runShell(curl)).map((text) => JSON.parse(text) as unknown);
    expect(answers).toHaveLength(curl.length);
    for (const [index, block] of curl.entries()) {
      const next = blocks[blocks.indexOf(block) + 1];
      if (next?.info === 'json') {
        expect(settled(answers[index])).toEqual(settled(JSON.parse(next.code)));
      } else {
        expect(answers[index]).toMatchObject({ status: 'SUCCESS', message: null });
      }
    }
  });

  test('shows a program that finds what it says', async () => {
    const program = blocks.find(({ info }) => info === 'ts')?.code ?? '';
    await writeFile(join(folder, 'guide.js'), (await transform(program, { loader: 'ts' })).code);
    const { code, output } = await run(process.execPath, 'guide.js');
    expect(output).toMatch(
      /^img00[12] \d+ of 2\nimg00[12] \d+ of 2\nremoved 1\nLIBRARY_NOT_FOUND 404 .*shop_b_tops/u,
    );
    expect(code).toBe(0);
  });

  test(
    'shows commands that do what they say',
    async () => {
      const typed = blocks.find(({ info, code }) => info === 'sh' && code.includes('npx likeness'));
      const { code, output } = await run('sh', '-e', '-c', typed?.code ?? '');
      expect(output).toMatch(
        /^added 1 picture to shop_a_tops\n[\s\S]*img001[\s\S]* of 1 found[\s\S]* of 3 found[\s\S]*general_search/u,
      );
      expect(code).toBe(0);
    },
    TIME_LIMIT_MS,
  );

  test('names every status', () => {
    const [, table = ''] = guide.split('## Refusals');
    const named = Array.from(table.matchAll(/`([A-Z_]{4,})`/gu), ([, word]) => word);
    expect(new Set(['SUCCESS', ...named])).toEqual(new Set(Object.keys(STATUS_WORDS)));
  });
});
