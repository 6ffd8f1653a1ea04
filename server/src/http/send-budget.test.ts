import { EventEmitter, once } from 'node:events';
import type { ServerResponse } from 'node:http';

import { expect, jest, test } from '@jest/globals';

import { SendBudget } from './send-budget.ts';

/** An answer that only knows whether it was cut. */
function openResponse(): { readonly isCut: () => boolean; readonly response: ServerResponse } {
  let isCut = false;
  const cut = (): void => {
    isCut = true;
  };
  return { isCut: () => isCut, response: { destroy: cut } as unknown as ServerResponse };
}

test('refuses what would be too much at once, and takes it when there is room', async () => {
  const budget = new SendBudget({ maxBytes: 10, timeoutMs: 60_000 });
  const { response } = openResponse();
  const door = new EventEmitter();
  const first = budget.run(8, response, async () => void (await once(door, 'open')));
  await expect(budget.run(3, response, async () => {})).rejects.toMatchObject({
    code: 'ServiceUnavailable',
    retryAfterMs: 1000,
  });
  await budget.run(2, response, async () => {});
  door.emit('open');
  await first;
  await budget.run(10, response, async () => {});
});

test('a failure gives its room back', async () => {
  const budget = new SendBudget({ maxBytes: 10, timeoutMs: 60_000 });
  await expect(budget.run(10, openResponse().response, fail)).rejects.toThrow('gone');
  await budget.run(10, openResponse().response, async () => {});
});

test('cuts a client that reads too slowly', async () => {
  jest.useFakeTimers();
  const { response, isCut } = openResponse();
  const budget = new SendBudget({ maxBytes: 10, timeoutMs: 1000 });
  void budget.run(10, response, () => new Promise(() => {}));
  jest.advanceTimersByTime(999);
  expect(isCut()).toBe(false);
  jest.advanceTimersByTime(1);
  expect(isCut()).toBe(true);
  jest.useRealTimers();
});

async function fail(): Promise<never> {
  throw new Error('gone');
}
