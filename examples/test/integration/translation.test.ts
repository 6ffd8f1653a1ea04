import { readFile } from 'node:fs/promises';

import { beforeAll, describe, expect, test } from '@jest/globals';

import { readCodeBlocks } from '../support/code-blocks.ts';

const REPOSITORY = new URL('../../../', import.meta.url);

/** Where links and pictures lead. */
const LINK = /\]\(([^)]+)\)/g;
const HEADING = /^#+(?= )/gm;

/** Links of the two to one another. */
const TO_EACH_OTHER = new Set(['README.md', 'README.zh-CN.md']);

describe('the README in Chinese', () => {
  let english: string;
  let chinese: string;
  beforeAll(async () => {
    [english, chinese] = await Promise.all([
      readFile(new URL('README.md', REPOSITORY), 'utf8'),
      readFile(new URL('README.zh-CN.md', REPOSITORY), 'utf8'),
    ]);
  });

  test('shows the same code', () => {
    expect(readCodeBlocks(chinese)).toEqual(readCodeBlocks(english));
  });

  test('has the same headings, one below the other', () => {
    expect(headingsOf(chinese)).toEqual(headingsOf(english));
  });

  test('leads to the same places, in the same order', () => {
    expect(linksOf(chinese)).toEqual(linksOf(english));
  });
});

/** How deep each is; comments in code are none. */
function headingsOf(markdown: string): readonly string[] {
  return withoutCode(markdown).match(HEADING) ?? [];
}

function linksOf(markdown: string): readonly string[] {
  const links = Array.from(withoutCode(markdown).matchAll(LINK), ([, target = '']) => target);
  return links.filter((target) => !TO_EACH_OTHER.has(target));
}

function withoutCode(markdown: string): string {
  return readCodeBlocks(markdown).reduce((text, { code }) => text.replace(code, ''), markdown);
}
