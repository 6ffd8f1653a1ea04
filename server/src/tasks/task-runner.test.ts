import { describe, expect, test } from '@jest/globals';
import { TaskRunner, type Task } from './task-runner.ts';

/** A task that fails so many times before it ends, and says when it runs. */
function failing(name: string, times: number, ran: string[]): Task {
  let left = times;
  const run = async (): Promise<void> => {
    ran.push(name);
    left -= 1;
    if (left >= 0) throw new Error(`${name} fails`);
  };
  return { name, run };
}

describe('TaskRunner', () => {
  test('runs one task at a time, failed ones again after the others', async () => {
    const [ran, errors]: [string[], unknown[]] = [[], []];
    const runner = new TaskRunner({ restMs: 1, onError: (_, { name }) => errors.push(name) });
    runner.submit(failing('a', 2, ran));
    runner.submit(failing('b', 0, ran));
    await runner.settled();
    expect(ran).toEqual(['a', 'b', 'a', 'a']);
    expect(errors).toEqual(['a', 'a']);
    runner.submit(failing('c', 0, ran));
    await runner.settled();
    expect(ran.at(-1)).toBe('c');
  });

  test.each(['running', 'resting'])('stops a task that is %s, without an error', async (moment) => {
    const errors: unknown[] = [];
    let begun = 0;
    const runner = new TaskRunner({ restMs: 60_000, onError: (error) => errors.push(error) });
    const run = (signal: AbortSignal): Promise<void> => {
      begun += 1;
      if (moment === 'resting') return Promise.reject(new Error('fails'));
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
    };
    runner.submit({ name: 'endless', run });
    runner.submit({ name: 'never', run });
    await new Promise(setImmediate);
    await runner.stop();
    expect(begun).toBe(1);
    expect(errors).toHaveLength(moment === 'resting' ? 1 : 0);
  });
});
