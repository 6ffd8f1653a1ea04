import { expect, test } from '@jest/globals';

import { RateLimiter } from './rate-limiter.ts';

function limiterAt(): { readonly limiter: RateLimiter; readonly wait: (ms: number) => void } {
  let nowMs = 1000;
  return {
    limiter: new RateLimiter(() => nowMs),
    wait: (ms) => {
      nowMs += ms;
    },
  };
}

test('a second of calls may come at once, then they come at the rate', () => {
  const { limiter, wait } = limiterAt();
  const take = (): number | undefined => limiter.take('shop', 5);
  expect(Array.from({ length: 6 }, take)).toEqual([...Array.from({ length: 5 }), 200]);
  wait(199);
  expect(take()).toBe(1);
  wait(1);
  expect(take()).toBeUndefined();
  wait(60_000);
  expect(Array.from({ length: 6 }, take).filter((each) => each === undefined)).toHaveLength(5);
});

test('a rate of 0 is none', () => {
  const { limiter } = limiterAt();
  for (let i = 0; i < 1000; i += 1) expect(limiter.take('shop', 0)).toBeUndefined();
});

test('names have buckets of their own', () => {
  const { limiter } = limiterAt();
  expect(limiter.take('a', 1)).toBeUndefined();
  expect(limiter.take('a', 1)).toBe(1000);
  expect(limiter.take('b', 1)).toBeUndefined();
});

test('a crowd of names resets nobody', () => {
  const { limiter, wait } = limiterAt();
  for (let i = 0; i < 15_000; i += 1) limiter.take(`${i}`, 1);
  expect(limiter.take('0', 1)).toBe(1000);
  wait(1000);
  for (let i = 15_000; i < 30_000; i += 1) limiter.take(`${i}`, 1);
  expect(limiter.take('0', 1)).toBeUndefined();
  expect(limiter.take('29999', 1)).toBe(1000);
});
