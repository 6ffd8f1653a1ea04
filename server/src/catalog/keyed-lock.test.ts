import { setTimeout } from 'node:timers/promises';

import { expect, test } from '@jest/globals';

import { KeyedLock } from './keyed-lock.ts';

/** A task that notes its beginning and its end. */
function noting(notes: string[], name: string): () => Promise<string> {
  return async () => {
    notes.push(`${name} begins`);
    await setTimeout(1);
    notes.push(`${name} ends`);
    return name;
  };
}

test('tasks that share a key run in the order they came, others side by side', async () => {
  const lock = new KeyedLock();
  const notes: string[] = [];
  const tasks = [
    lock.run(['a', 'b'], noting(notes, '1')),
    lock.run(['c'], noting(notes, '2')),
    lock.run(['b', 'c'], noting(notes, '3')),
    lock.run(['a', 'a'], noting(notes, '4')),
  ];
  expect(await Promise.all(tasks)).toEqual(['1', '2', '3', '4']);
  expect(notes.slice(0, 2)).toEqual(['1 begins', '2 begins']);
  expect(notes.indexOf('3 begins')).toBeGreaterThan(notes.indexOf('1 ends'));
  expect(notes.indexOf('3 begins')).toBeGreaterThan(notes.indexOf('2 ends'));
  expect(notes.indexOf('4 begins')).toBeGreaterThan(notes.indexOf('1 ends'));
});

test('a task that runs alone comes after all before it, and before all after it', async () => {
  const lock = new KeyedLock();
  const notes: string[] = [];
  const tasks = [
    lock.run(['a'], noting(notes, '1')),
    lock.run(['b'], noting(notes, '2')),
    lock.runAlone(noting(notes, '3')),
    lock.runAlone(noting(notes, '4')),
    lock.run(['c'], noting(notes, '5')),
  ];
  expect(lock.busy).toBe(true);
  await lock.drained();
  expect(lock.busy).toBe(false);
  expect(await Promise.all(tasks)).toEqual(['1', '2', '3', '4', '5']);
  expect(notes.slice(0, 2)).toEqual(['1 begins', '2 begins']);
  expect(notes.slice(4)).toEqual([
    '3 begins',
    '3 ends',
    '4 begins',
    '4 ends',
    '5 begins',
    '5 ends',
  ]);
});

test('a task that fails rejects its caller and lets the next run', async () => {
  const lock = new KeyedLock();
  const failing = lock.run(['a'], () => Promise.reject(new Error('no')));
  const next = lock.run(['a'], async () => 'yes');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('yes');
});

test('is drained, and keeps nothing, once all have ended', async () => {
  const lock = new KeyedLock();
  const notes: string[] = [];
  void lock.run(['a'], noting(notes, '1'));
  void lock.run(['a', 'b'], noting(notes, '2'));
  expect(lock.busy).toBe(true);
  await lock.drained();
  expect(notes).toHaveLength(4);
  await lock.drained();
  expect(lock.busy).toBe(false);
});
