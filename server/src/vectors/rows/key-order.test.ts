import { describe, expect, test } from '@jest/globals';
import { array, assert, integer, property, string } from 'fast-check';

import { compareCodePoints } from '@likeness/shared/encoding';
import { KeyOrder } from './key-order.ts';
import { selectFirst } from './rank-hits.ts';

describe('compareCodePoints', () => {
  test('orders by UTF-8 bytes', () => {
    assert(
      property(string({ unit: 'binary' }), string({ unit: 'binary' }), (a, b) => {
        expect(Math.sign(compareCodePoints(a, b))).toBe(
          Buffer.compare(Buffer.from(a), Buffer.from(b)),
        );
      }),
      { seed: 14, numRuns: 1_000 },
    );
  });
});

describe('KeyOrder', () => {
  test('stays in order over some thousand insertions, replacements and deletions', () => {
    const keys: string[] = [];
    const order = new KeyOrder((id, key) => Buffer.compare(Buffer.from(keys[id] ?? ''), key));
    const expected = new Map<string, number>();
    for (let id = 0; id < 4_000; id += 1) {
      const key = `k${(id * 7_919) % 2_503}`;
      keys[id] = key;
      expect(order.set(key, id)).toBe(expected.get(key));
      expected.set(key, id);
      const gone = `k${(id * 104_729) % 2_503}`;
      if (id % 3 === 0) {
        expect(order.delete(gone)).toBe(expected.get(gone));
        expected.delete(gone);
      }
    }
    const sorted = [...expected].sort(([a], [b]) => compareCodePoints(a, b)).map(([, id]) => id);
    expect(order.size).toBe(sorted.length);
    expect([...order.ids()]).toEqual(sorted);
    const after = [...expected.keys()].sort(compareCodePoints)[700] ?? '';
    expect([...order.ids(after)]).toEqual(sorted.slice(701));
    expect(order.slice(after, 300, 600)).toEqual(sorted.slice(1_001, 1_601));
    expect(order.slice('k~', 0, 5)).toEqual([]);
    expect(order.find('k~')).toBeUndefined();
  });

  test('takes rows that are sorted already', () => {
    const keys = Array.from({ length: 1_000 }, (_, i) => `k${String(i).padStart(4, '0')}`);
    const order = new KeyOrder((id, key) => Buffer.compare(Buffer.from(keys[id] ?? ''), key));
    order.append(Uint32Array.from(keys.keys()));
    expect(order.find('k0777')).toBe(777);
    expect(order.delete('k0500')).toBe(500);
    expect(order.slice('k0498', 0, 2)).toEqual([499, 501]);
  });
});

function compare(a: number, b: number): number {
  return a - b;
}

describe('selectFirst', () => {
  test('answers what sorting everything would', () => {
    const numbers = array(integer({ min: 0, max: 50 }), { maxLength: 200 });
    assert(
      property(numbers, integer({ min: 0, max: 20 }), (items, wanted) => {
        expect(selectFirst(items, wanted, compare)).toEqual(
          items.toSorted(compare).slice(0, wanted),
        );
      }),
      { seed: 15 },
    );
  });
});
