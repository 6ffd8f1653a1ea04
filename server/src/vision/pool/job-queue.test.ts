import { expect, test } from '@jest/globals';
import type { Priority } from '../vision.ts';
import { JobQueue, type JobQueueOptions } from './job-queue.ts';

const OPTIONS: JobQueueOptions = {
  workers: 1,
  maxQueue: 100,
  targetMs: 1000,
  maxWaitMs: 60_000,
};

function openQueue(options: Partial<JobQueueOptions> = {}) {
  const queue = new JobQueue({ ...OPTIONS, ...options });
  const push = (priority: Priority, times = 1): void => {
    for (let i = 0; i < times; i += 1) {
      const frame = { head: i, body: new Uint8Array() };
      queue.push({ frame, priority, resolve: () => undefined, reject: () => undefined });
    }
  };
  const takeAll = (): string => {
    const taken: string[] = [];
    for (let job = queue.take(true); job !== undefined; job = queue.take(true)) {
      taken.push(job.priority.slice(0, 1));
    }
    return taken.join('');
  };
  return { queue, push, takeAll };
}

test('adds get a quarter of the turns while searches wait, and all of them otherwise', () => {
  const { push, takeAll } = openQueue();
  push('background');
  push('add', 4);
  push('search', 7);
  expect(takeAll()).toBe('sssasssasaab');
});

test('an add that comes late waits for three searches at most', () => {
  const { queue, push } = openQueue();
  push('search', 9);
  for (let i = 0; i < 5; i += 1) queue.take(true);
  push('add');
  expect([1, 2, 3, 4].map(() => queue.take(true)?.priority)).toEqual([
    'search',
    'search',
    'search',
    'add',
  ]);
  queue.takeAll();
});

test('a job is refused where it would be done too late, by what jobs took', () => {
  const { queue, push } = openQueue();
  for (let i = 0; i < 100; i += 1) queue.noteTime(200);
  push('search', 2);
  expect(() => queue.requireRoom('search')).not.toThrow();
  push('search', 2);
  const retryAfterMs = expect.any(Number);
  expect(() => queue.requireRoom('search')).toThrow(
    expect.objectContaining({ code: 'ServiceUnavailable', status: 503, retryAfterMs }),
  );
  expect(queue.refused).toEqual({ search: 1, add: 0, background: 0 });
  queue.takeAll();
});

test('a flood of adds refuses adds, and no search', () => {
  const { queue, push } = openQueue({ maxQueue: 5, targetMs: 60_000 });
  push('add', 5);
  expect(() => queue.requireRoom('add')).toThrow();
  expect(() => queue.requireRoom('search')).not.toThrow();
  queue.takeAll();
});
