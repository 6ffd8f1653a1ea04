import { mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { launchServer } from '../../../server/test/support/launched-server.ts';
import type { LaunchedServer } from '../../../server/test/support/launched-server.ts';
import { joinSnippets, readCodeBlocks, readDocExamples } from '../support/code-blocks.ts';
import { runProgram } from '../support/run-program.ts';
import { writePicture } from '../support/sample-pictures.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const DOCUMENTED_ENDPOINT = '127.0.0.1:8000';

const DOC_EXAMPLE_SETTING = `
import { and, ImageSearchClient, int, str } from '@likeness/sdk';
import type { Library } from '@likeness/sdk';
import { fromFile } from '@likeness/sdk/node';
declare const client: ImageSearchClient;
declare const tops: Library<{ color: string; season: string; price: number }>;
`;
const TYPE_CHECK = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023', 'dom'],
    types: ['node'],
    module: 'nodenext',
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
  },
};

let folder: string;
let readme: string;
let migration: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'likeness-snippets-'));
  await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  readme = await readFile(join(REPOSITORY, 'README.md'), 'utf8');
  migration = await readFile(join(REPOSITORY, 'docs/migration.md'), 'utf8');
  await writePicture(folder, 'shoe.jpg', { shape: 'box', colour: 'firebrick' });
  await writePicture(folder, 'front.jpg', { shape: 'box', colour: 'firebrick' });
  await writePicture(folder, 'query.jpg', { shape: 'circle', colour: 'navy' });
});
afterAll(() => rm(folder, { recursive: true }));

/** The migration guide's snippets of one kind as one program. */
function migrationProgram(kind: 'before' | 'after'): string {
  const snippets = readCodeBlocks(migration).filter(({ info }) => info === `ts ${kind}`);
  return joinSnippets(snippets.map(({ code }) => code));
}

async function docExamples(): Promise<string> {
  const sources = join(REPOSITORY, 'sdk/src');
  const files = (await readdir(sources, { recursive: true })).filter((name) =>
    /(?<!\.test)\.ts$/.test(name),
  );
  const texts = await Promise.all(files.map((name) => readFile(join(sources, name), 'utf8')));
  const examples = texts.flatMap((text) => readDocExamples(text));
  return [DOC_EXAMPLE_SETTING, ...examples.map((code) => `void (async () => {\n${code}\n});`)].join(
    '\n',
  );
}

/** The shell block of the README that is more than commands to type. */
const isCurl = ({ info, code }: { info: string; code: string }) =>
  info === 'sh' && code.includes('curl');

test('the migration guide, and the example of every method of the SDK, type-check', async () => {
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(TYPE_CHECK));
  await writeFile(join(folder, 'before.ts'), migrationProgram('before'));
  await writeFile(join(folder, 'after.ts'), migrationProgram('after'));
  await writeFile(join(folder, 'doc-examples.ts'), await docExamples());
  const compiler = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
  const { output } = await runProgram(process.execPath, [compiler, '-p', '.'], { cwd: folder });
  expect(output).toBe('');
});

describe('what the documents show runs:', () => {
  let server: LaunchedServer;
  beforeAll(async () => {
    server = await launchServer();
  });
  afterAll(() => server?.stop());

  // The vendor's SDK uploads over TLS, whatever protocol it speaks.
  const run = (command: string, ...args: string[]) =>
    runProgram(command, args, {
      cwd: folder,
      env: {
        ...server.clientEnvironment,
        NODE_EXTRA_CA_CERTS: join(server.dataDir, 'tls', 'ca.pem'),
      },
    });

  test('the SDK lines of the README', async () => {
    const program = readCodeBlocks(readme).find(({ info }) => info === 'js')?.code ?? '';
    await writeFile(join(folder, 'readme.js'), program);
    const { code, output } = await run(process.execPath, 'readme.js');
    expect(output).toMatch(/^p1 1\n1\n$/);
    expect(code).toBe(0);
  });

  test('the curl lines of the README', async () => {
    const { output } = await run('sh', '-c', readCodeBlocks(readme).find(isCurl)?.code ?? '');
    expect(JSON.parse(output)).toMatchObject({ Success: true, Auctions: [{ ProductId: 'p1' }] });
  });

  test.each(['before', 'after'] as const)('the calls of the migration guide, %s', async (kind) => {
    const program = await transform(migrationProgram(kind), { loader: 'ts' });
    const { host } = new URL(server.endpoint);
    await writeFile(join(folder, `${kind}.js`), program.code.replaceAll(DOCUMENTED_ENDPOINT, host));
    const { code, output } = await run(process.execPath, `${kind}.js`);
    expect(output).toContain('InvalidInstance 400');
    expect(code).toBe(0);
  });
});
