import { describe, expect, test } from '@jest/globals';

import type { SharedMemory } from '../kernel/web-assembly.ts';

import { arenaOf, Arenas, offsetOf } from './arenas.ts';
import { Reclaimer } from './reclaimer.ts';

describe('Arenas', () => {
  test('adds memories as they fill, keeps what is reserved, and zeroes what it gives again', () => {
    const seen: SharedMemory[] = [];
    const arenas = new Arenas({
      reservedBytes: 1_000,
      maxArenaBytes: 2 * 65_536,
      onArena: (memory) => seen.push(memory),
    });
    const blocks = Array.from({ length: 5 }, () => arenas.allocate(40_000));
    expect(blocks.map(arenaOf)).toEqual([0, 0, 0, 1, 1]);
    expect(seen).toEqual(arenas.memories);
    expect(blocks.every((block) => offsetOf(block) >= 1_000 && offsetOf(block) % 64 === 0)).toBe(
      true,
    );
    const [first = 0] = blocks;
    arenas.bytes(first, 40_000).fill(7);
    arenas.free(first, 40_000);
    expect(arenas.allocate(40_000)).toBe(first);
    expect(arenas.bytes(first, 40_000).every((byte) => byte === 0)).toBe(true);
  });

  test('gives a block that is larger than a memory a memory of its own', () => {
    const arenas = new Arenas({
      reservedBytes: 64,
      maxArenaBytes: 65_536,
      onArena: () => undefined,
    });
    const large = arenas.allocate(300_000);
    expect(arenas.bytes(large, 300_000)).toHaveLength(300_000);
    expect(arenas.allocate(64)).not.toBe(large);
  });
});

describe('Reclaimer', () => {
  test('gives back at once when nobody reads, else when the last earlier reader has ended', () => {
    const reclaimer = new Reclaimer();
    const given: string[] = [];
    const retire = (name: string): void => reclaimer.retire(() => given.push(name));
    retire('idle');
    const [first, second] = [reclaimer.begin(), reclaimer.begin()];
    retire('under both');
    const third = reclaimer.begin();
    retire('under all');
    expect(given).toEqual(['idle']);
    reclaimer.end(second);
    expect(given).toEqual(['idle']);
    reclaimer.end(first);
    expect(given).toEqual(['idle', 'under both']);
    reclaimer.end(third);
    expect(given).toEqual(['idle', 'under both', 'under all']);
    expect(reclaimer.isRead).toBe(false);
  });
});
