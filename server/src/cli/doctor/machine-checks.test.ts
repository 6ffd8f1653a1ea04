import { describe, expect, test } from '@jest/globals';

import {
  judgeClock,
  judgeOpenFiles,
  judgeProcessor,
  readCpuFeatures,
  type ClockFacts,
  type Processor,
} from './machine-checks.ts';

const PROCESSOR: Processor = {
  architecture: 'x64',
  features: new Set(['sse4_2', 'avx2']),
  cores: 4,
  hasWasmSimd: true,
};
const NOW_MS = Date.UTC(2026, 10, 21);

describe('the processor', () => {
  test.each<[string, Partial<Processor>, string]>([
    ['one of these years', {}, 'ok'],
    ['an arm', { architecture: 'arm64', features: new Set(['asimd', 'asimddp']) }, 'ok'],
    ['one of a system that tells nothing', { features: undefined }, 'ok'],
    ['one that a virtual machine hides', { features: new Set(['sse4_2']) }, 'warning'],
    ['an old one', { features: new Set(['sse2']) }, 'failed'],
    ['one without vectors in WebAssembly', { hasWasmSimd: false }, 'failed'],
    ['another', { architecture: 's390x' }, 'failed'],
  ])('%s is judged', (_, changes, verdict) => {
    expect(judgeProcessor({ ...PROCESSOR, ...changes }).verdict).toBe(verdict);
  });

  test.each([
    ['processor : 0\nflags\t\t: fpu sse4_2  avx2\n', ['fpu', 'sse4_2', 'avx2']],
    ['Features : fp asimd\n', ['fp', 'asimd']],
    ['nothing', []],
  ])('features are read from %j', (text, features) => {
    expect([...readCpuFeatures(text)]).toEqual(features);
  });
});

test.each([
  [undefined, 'ok'],
  [65_536, 'ok'],
  [1_024, 'warning'],
  [256, 'failed'],
])('%p open files are judged', (limit, verdict) => {
  expect(judgeOpenFiles(limit, 10_000).verdict).toBe(verdict);
});

describe('the clock', () => {
  test.each<[string, Partial<ClockFacts>, string]>([
    ['kept by others', { isSynchronised: true }, 'ok'],
    ['not known to be kept', {}, 'ok'],
    ['of a new machine', { nowMs: 0 }, 'failed'],
    ['set back', { newestFileMs: NOW_MS + 3_600_000 }, 'warning'],
    ['kept by nobody', { isSynchronised: false }, 'warning'],
  ])('%s is judged', (_, changes, verdict) => {
    const facts = { nowMs: NOW_MS, newestFileMs: NOW_MS, isSynchronised: undefined, ...changes };
    expect(judgeClock(facts).verdict).toBe(verdict);
  });

  test('what is not right has advice', () => {
    const facts = { nowMs: 0, newestFileMs: undefined, isSynchronised: undefined };
    expect(judgeClock(facts).advice).not.toBe('');
  });
});
