import { execFile } from 'node:child_process';
import { appendFile, cp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from '@jest/globals';

import type { Finding } from '../../src/cli/doctor/finding.ts';
import { EMBEDDED_PACK } from '../support/model-packs.ts';
import { withFolder } from '../support/stored-catalog.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/likeness.js', import.meta.url));

/** Runs the command on a data folder. */
function examine(
  args: readonly string[],
): Promise<{ readonly code: number; readonly findings: readonly Finding[] }> {
  const command = [LAUNCHER, 'doctor', '--seconds', '0', '--json', ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, (error, stdout) => {
      const code = error === null ? 0 : Number(error.code);
      resolve({ code, findings: JSON.parse(stdout) as Finding[] });
    });
  });
}

test('a machine that passes these tests is fit, and the data folder is left as it was', async () => {
  await withFolder(async (folder) => {
    const { code, findings } = await examine(['--data-dir', folder]);
    expect(findings.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
    expect(findings.map(({ check }) => check)).toEqual([
      'processor',
      'open files',
      'clock',
      'module classic-level',
      'module sharp',
      'module onnxruntime-node',
      'disk room',
      'disk writes',
      'secrets',
      'model pack',
      'search',
      'speed',
      'adding',
      'searching',
      'precision',
    ]);
    expect([code, await readdir(folder)]).toEqual([0, []]);
  });
});

test('each failure says what to do', async () => {
  await withFolder(async (folder) => {
    const pack = join(folder, 'pack');
    await cp(EMBEDDED_PACK, pack, { recursive: true });
    const graph = (await readdir(pack)).find((name) => name.endsWith('.onnx')) ?? '';
    await appendFile(join(pack, graph), 'x');
    await writeFile(join(folder, 'a-file'), '');
    const dataDir = join(folder, 'a-file', 'data');
    const { code, findings } = await examine(['--data-dir', dataDir, '--model', pack]);
    const failures = findings.filter(({ verdict }) => verdict === 'failed');
    expect(failures.map(({ check }) => check)).toEqual([
      'disk room',
      'disk writes',
      'model pack',
      'search',
    ]);
    expect(failures[2]?.detail).toContain('is not the file of the pack');
    expect(failures.every(({ advice }) => advice.length > 0)).toBe(true);
    expect(code).toBe(1);
  });
});
