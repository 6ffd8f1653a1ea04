import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { beforeAll, describe, expect, test } from '@jest/globals';

import { ACTIONS, errorsOfAction, type ActionName } from '../../src/api/index.ts';
import { ERROR_CODES } from '../../src/errors/index.ts';

const SCRIPT = fileURLToPath(new URL('../../docs/rpc-api.mjs', import.meta.url));
const PAGE = fileURLToPath(new URL('../../../docs/rpc-api.md', import.meta.url));

let page: string;

beforeAll(async () => {
  page = await readFile(PAGE, 'utf8');
});

describe('docs/rpc-api.md', () => {
  test('is what `npm run docs:rpc` writes', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT]);
    const [written, generated] = [page.split('\n'), stdout.split('\n')];
    const first = generated.findIndex((line, index) => line !== written[index]);
    expect([first, written[first]]).toEqual([first, generated[first]]);
    expect(written).toHaveLength(generated.length);
  });

  test('has a section of every action, with its parameters and codes', () => {
    for (const [name, { parameters }] of Object.entries(ACTIONS)) {
      const section = sectionOf(name);
      if (section.includes('Not available.')) continue;
      for (const parameter of parameters.filter((each) => !/Attr[2-4]$/u.test(each.name)))
        expect(section).toContain(`| \`${parameter.name}\``);
      for (const code of errorsOfAction(name as ActionName).filter((each) => !/[2-4]$/u.test(each)))
        expect([name, section]).toEqual([name, expect.stringContaining(`\`${code}\``)]);
    }
  });

  test('names no code that is not in the table, but those made of a parameter’s name', () => {
    const parameters = Object.values(ACTIONS).flatMap((action) => action.parameters);
    const known = new Set([
      ...Object.keys(ERROR_CODES),
      ...parameters.flatMap(({ name }) => [`Missing${name}`, `Invalid${name}`]),
    ]);
    for (const name of Object.keys(ACTIONS) as ActionName[]) {
      const unknown = errorsOfAction(name).filter((code) => !known.has(code));
      expect([name, unknown]).toEqual([name, []]);
    }
  });
});

function sectionOf(name: string): string {
  const start = page.indexOf(`\n## ${name}\n`);
  expect([name, start]).not.toEqual([name, -1]);
  return page.slice(start, page.indexOf('\n## ', start + 1));
}
