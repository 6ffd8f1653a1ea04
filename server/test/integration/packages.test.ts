import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { runProgram } from '../../../examples/test/support/run-program.ts';
import { launchServer } from '../support/launched-server.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const PACKAGES = ['shared', 'sdk', 'server'] as const;
/** An install of the server brings onnxruntime, some 300 MB of it. */
const INSTALL_LIMIT_MS = 240_000;

/** What a customer writes first. */
const CUSTOMER_PROGRAM = `
import { ApiError, ImageSearchClient, int } from '@likeness/sdk';
import type { Auction, SearchImageResponse } from '@likeness/sdk';
import { fromFile } from '@likeness/sdk/node';

const [endpoint = '', accessKeyId = '', accessKeySecret = ''] = process.argv.slice(2);
const client = new ImageSearchClient({ endpoint, accessKeyId, accessKeySecret });
await client.createInstance({ instanceName: 'shoes', serviceType: 'product' });
const { instances } = await client.listInstances();
console.log(instances.map(({ instanceName }) => instanceName).join());

export const search = (file: string): Promise<SearchImageResponse> =>
  client.searchImageByPic({
    instanceName: 'shoes',
    picContent: fromFile(file),
    filter: int('int_attr').ge(40),
  });
export const best = ({ auctions }: SearchImageResponse): Auction | undefined => auctions[0];
const tops = client.library<{ color: string; price: number }>('tops');
export const cheapest = () => tops.query({ tagFilter: tops.tag('price').lt(50) });
export const codeOf = (error: unknown): string | undefined =>
  error instanceof ApiError ? error.code : undefined;
`;
const TYPE_CHECK = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023', 'dom'],
    types: [],
    module: 'nodenext',
    strict: true,
    skipLibCheck: false,
    outDir: 'out',
  },
  files: ['customer.ts', 'process.d.ts'],
};

let folder: string;
let tarballs: Readonly<Record<(typeof PACKAGES)[number], string>>;

const node = (script: string, ...args: string[]) =>
  runProgram(process.execPath, [script, ...args], { cwd: folder });
const tool = (name: string) => join(REPOSITORY, 'node_modules', name);
const install = (...paths: readonly string[]) =>
  runProgram('npm', ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', ...paths], {
    cwd: folder,
    timeLimitMs: INSTALL_LIMIT_MS,
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'likeness-packages-'));
  // By name: a folder would stand for the workspaces within it too.
  const workspaces = PACKAGES.map((name) => `--workspace=@likeness/${name}`);
  await runProgram('npm', ['pack', ...workspaces, `--pack-destination=${folder}`], {
    cwd: REPOSITORY,
  });
  const [sdk = '', server = '', shared = ''] = (await readdir(folder)).toSorted();
  tarballs = { sdk, server, shared };
  await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }');
});
afterAll(() => rm(folder, { recursive: true }));

describe.each(PACKAGES)('the package %s, as published', (name) => {
  test('passes publint', async () => {
    const result = await node(tool('publint/src/cli.js'), 'run', tarballs[name], '--strict');
    expect(result).toMatchObject({ code: 0, output: expect.stringContaining('All good!') });
  });

  test('has types wherever it is imported from', async () => {
    const cli = tool('@arethetypeswrong/cli/dist/index.js');
    const { code, output } = await node(cli, tarballs[name], '--profile', 'esm-only');
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  });
});

describe('installed into an empty folder', () => {
  test('the SDK brings no server, and type-checks', async () => {
    await install(`./${tarballs.shared}`, `./${tarballs.sdk}`);
    expect(await readdir(join(folder, 'node_modules'))).toEqual([
      '.package-lock.json',
      '@likeness',
      '@noble',
    ]);
    await writeFile(join(folder, 'customer.ts'), CUSTOMER_PROGRAM);
    await writeFile(join(folder, 'process.d.ts'), 'declare const process: { argv: string[] };\n');
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(TYPE_CHECK));
    expect(await node(tool('typescript/bin/tsc'), '-p', '.')).toEqual({ code: 0, output: '' });
  });

  test(
    'the server starts, and the SDK talks to it',
    async () => {
      await install(...Object.values(tarballs).map((tarball) => `./${tarball}`));
      const help = await runProgram('npx', ['--no-install', 'likeness', '--help'], { cwd: folder });
      expect(help).toMatchObject({ code: 0, output: expect.stringContaining('serve') });

      const launcher = 'node_modules/@likeness/server/bin/likeness.js';
      const server = await launchServer(join(folder, launcher));
      try {
        const health = await fetch(`${server.endpoint}/healthz`);
        expect(health.status).toBe(200);
        const { LIKENESS_ACCESS_KEY_ID: id = '', LIKENESS_ACCESS_KEY_SECRET: secret = '' } =
          server.clientEnvironment;
        const customer = await node('out/customer.js', server.endpoint, id, secret);
        expect(customer).toEqual({ code: 0, output: 'shoes\n' });
      } finally {
        await server.stop();
      }
    },
    INSTALL_LIMIT_MS,
  );
});
