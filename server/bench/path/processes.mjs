/** Processes of a measurement, and the processor's time that they took. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Starts a script beside this one and waits until it is ready.
 *
 * @param {string} name of the script
 * @param {readonly string[]} [args]
 */
export async function startProcess(name, args = []) {
  const script = fileURLToPath(new URL(name, import.meta.url));
  // A vision process has as many threads for what blocks.
  const env = { ...process.env, UV_THREADPOOL_SIZE: '2', MALLOC_ARENA_MAX: '2' };
  const child = fork(script, args, { env, serialization: 'advanced' });
  const exited = once(child, 'exit');
  const answered = () =>
    Promise.race([
      once(child, 'message').then(([message]) => message),
      exited.then(([code, signal]) =>
        Promise.reject(new Error(`${name} ended: ${signal ?? code}`)),
      ),
    ]);
  await answered();
  return {
    /** One question, one answer. */
    ask: async (question) => {
      child.send(question);
      const answer = await answered();
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer;
    },
    stop: async () => {
      child.kill();
      await exited;
    },
  };
}

/**
 * Milliseconds of processor time that a process and its children took until now, in all threads that still run.
 *
 * @param {number} pid
 * @returns {{ own: number, children: number }}
 */
export function processorMs(pid) {
  const children = childrenOf(pid).reduce((sum, child) => sum + threadsMs(child), 0);
  return { own: threadsMs(pid), children };
}

/** Resident bytes of one process. @param {number} pid */
export function residentBytes(pid) {
  return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * 4096;
}

function threadsMs(pid) {
  const folder = `/proc/${pid}/task`;
  return readdirSync(folder).reduce((sum, thread) => {
    const nanoseconds = readFileSync(`${folder}/${thread}/schedstat`, 'latin1').split(' ')[0];
    return sum + Number(nanoseconds) / 1e6;
  }, 0);
}

/** Processes that a process started and that still run. @param {number} pid */
export function childrenOf(pid) {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}
