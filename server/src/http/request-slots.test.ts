import { expect, test } from '@jest/globals';

import { BodyBudget } from './body-budget.ts';
import { fitConnections } from './open-file-limit.ts';
import { RequestSlots } from './request-slots.ts';

const UNAVAILABLE = { code: 'ServiceUnavailable', status: 503, retryAfterMs: expect.any(Number) };

test('one client takes its share of the requests, and leaves the rest', () => {
  const slots = new RequestSlots({ maxRequests: 3, maxPerClient: 2 });
  const leave = slots.take('a');
  slots.take('a');
  expect(() => slots.take('a')).toThrow(expect.objectContaining(UNAVAILABLE));
  slots.take('b');
  expect(() => slots.requireRoom('c')).toThrow(expect.objectContaining(UNAVAILABLE));
  leave();
  expect(() => slots.take('c')).not.toThrow();
  expect(slots.load).toEqual({ taken: 3, refused: 2 });
});

test('all bodies together take what is allowed, and give it back', () => {
  const bodies = new BodyBudget(10);
  const [first, second] = [bodies.open(), bodies.open()];
  expect([first.take(6), second.take(5), second.take(4)]).toEqual([true, false, true]);
  first.release();
  first.release();
  expect(bodies.held).toBe(4);
});

test('memory for a body is used again once its request is settled, and not where it failed', () => {
  const bodies = new BodyBudget(Infinity);
  const roomOf = (isSettled: boolean): SharedArrayBuffer => {
    const lease = bodies.open();
    const room = lease.room(500_000);
    expect(room.byteLength).toBeGreaterThanOrEqual(500_000);
    if (isSettled) lease.settle();
    lease.release();
    return room;
  };
  const failed = roomOf(false);
  const settled = roomOf(true);
  expect(settled).not.toBe(failed);
  expect(roomOf(true)).toBe(settled);
  const lease = bodies.open();
  expect(lease.room(400_000)).toBe(settled);
  expect(lease.room(400_000)).not.toBe(settled);
  expect(lease.room(40_000_000).byteLength).toBeGreaterThanOrEqual(40_000_000);
});

test.each([
  ['as many as wanted', 10_000, 1_048_576, 10_000],
  ['as many as files leave', 10_000, 4096, 3584],
  ['half of few files', 10_000, 600, 300],
  ['as many as wanted where the system does not tell', 10_000, undefined, 10_000],
])('connections are %s', (_what, wanted, maxFiles, expected) => {
  expect(fitConnections(wanted, maxFiles)).toBe(expected);
});
