import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { readCodeBlocks } from '../../../examples/test/support/code-blocks.ts';
import { runProgram } from '../../../examples/test/support/run-program.ts';
import { SETTINGS, type Setting } from '../../src/config/settings.ts';
import { launchServer } from '../support/launched-server.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const DOCUMENTED_ENDPOINT = 'http://127.0.0.1:8000';

let folder: string;
let operations: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'likeness-operations-'));
  operations = await readFile(join(REPOSITORY, 'docs/operations.md'), 'utf8');
});
afterAll(() => rm(folder, { recursive: true }));

const hasSystemd = (() => {
  try {
    execFileSync('systemd-analyze', ['--version']);
    return true;
  } catch {
    return false;
  }
})();

function blockOf(info: string, content: string): string {
  const blocks = readCodeBlocks(operations);
  const found = blocks.find((each) => each.info === info && each.code.includes(content));
  if (found === undefined) throw new Error(`no ${info} block with ${content}`);
  return found.code;
}

describe('docs/operations.md', () => {
  test('has every setting in its table, as --help tells it', () => {
    const rows = Object.values<Setting>(SETTINGS).map(
      ({ environmentVariable, flag, fallback, description }) =>
        `| \`${environmentVariable}\` | \`--${flag}\` | ${fallback === undefined ? '' : `\`${fallback}\``} | ${description} |`,
    );
    const told = operations.split('\n').filter((line) => line.startsWith('| `LIKENESS_'));
    expect(told).toEqual(rows);
  });

  (hasSystemd ? test : test.skip)('shows a unit that systemd takes', async () => {
    const unit = blockOf('ini', 'ExecStart=')
      .replace('/usr/bin/node', process.execPath)
      .replace('/opt/likeness', REPOSITORY)
      .replace('User=likeness', 'User=root');
    const file = join(folder, 'likeness.service');
    await writeFile(file, unit);
    const { output } = await runProgram('systemd-analyze', ['verify', file], { cwd: folder });
    expect(output).toBe('');
  });

  test('shows how to ask whether the server is well', async () => {
    const server = await launchServer();
    const lines = blockOf('sh', '/readyz').replaceAll(DOCUMENTED_ENDPOINT, server.endpoint);
    const { output, code } = await runProgram('sh', ['-e', '-c', lines], { cwd: folder });
    expect(output).toMatch(/"Status":"ok"[\s\S]*"Status":"ready"/u);
    expect(code).toBe(0);
    await server.stop();
  });
});
