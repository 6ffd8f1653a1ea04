import { expect, test } from '@jest/globals';

import { PAGE_CODES, TextCodes } from './text-codes.ts';

test('a text has one code as long as a row has it, and its code is used again after that', () => {
  const codes = new TextCodes();
  const rows = new Map<string, { readonly code: number; count: number }>();
  const taken = new Set<number>();
  for (let i = 0; i < 20_000; i += 1) {
    const text = `text ${(i * 7_919) % 1_009}`;
    const known = rows.get(text);
    if (i % 3 === 0 && known !== undefined) {
      codes.release(known.code);
      known.count -= 1;
      if (known.count > 0) continue;
      rows.delete(text);
      taken.delete(known.code);
      expect(codes.codeOf(text)).toBeUndefined();
    } else {
      const code = codes.acquire(text);
      expect(known === undefined ? taken.has(code) : code !== known.code).toBe(false);
      rows.set(text, { code, count: (known?.count ?? 0) + 1 });
      taken.add(code);
    }
  }
  for (const [text, { code }] of rows) {
    expect(codes.codeOf(text)).toBe(code);
    expect(codes.valueOf(code)).toBe(text);
  }
  expect(codes.size).toBeLessThanOrEqual(1_009);
});

test('codes are restored page by page; those that no row has are free', () => {
  const codes = new TextCodes();
  const count = PAGE_CODES + 100;
  for (let code = 0; code < count; code += 1) codes.acquire(`text ${code}`);
  const again = new TextCodes();
  const uses = new Uint32Array(count).fill(2);
  uses[70] = 0;
  for (const [page, length] of [PAGE_CODES, 100].entries()) {
    const from = page * PAGE_CODES;
    again.restore(codes.pack(page, length), uses.subarray(from, from + length));
  }
  for (const code of [0, 69, 71, PAGE_CODES - 1, PAGE_CODES, count - 1]) {
    expect(again.codeOf(`text ${code}`)).toBe(code);
    expect(again.valueOf(code)).toBe(`text ${code}`);
  }
  expect(again.codeOf('text 70')).toBeUndefined();
  expect(again.acquire('another')).toBe(70);
  again.release(5);
  expect(again.codeOf('text 5')).toBe(5);
  again.release(5);
  expect(again.codeOf('text 5')).toBeUndefined();
  expect([again.acquire('one more'), again.acquire('and one')]).toEqual([5, count]);
});
