import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { FrameReader, writeFrame, type Frame } from './frames.ts';

/** Descriptor of the pipe in the worker. */
export const PIPE_DESCRIPTOR = 3;
/** Bytes of a page in /proc; the same on every Linux that Node's binaries run on with 4 KiB pages. */
const PAGE_BYTES = 4096;

/** What a worker process is. */
export interface WorkerProgram {
  /** The built script. */
  readonly script: URL;
  readonly args: readonly string[];
  /** For Node itself. */
  readonly flags?: readonly string[];
  /** All of it: a worker sees nothing of the server's. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What a worker process tells its owner. */
export interface WorkerEvents {
  /** Its body is the taker's. */
  readonly onFrame: (frame: Frame) => void;
  /** Told exactly once, however the process ended. */
  readonly onExit: (reason: string) => void;
}

/**
 * One worker process and the pipe to it. It gets no environment but its own, so that no secret of the
 * server is in a process that decodes hostile bytes, or runs what others compiled.
 */
export class WorkerProcess {
  /** Neither is there where the system had no file handle, or no memory, for another process. */
  readonly #child: ChildProcess | undefined;
  readonly #pipe: Duplex | undefined;

  constructor(program: WorkerProgram, events: WorkerEvents) {
    let isOver = false;
    const end = (reason: string): void => {
      if (!isOver) events.onExit(reason);
      isOver = true;
    };
    this.#child = spawnWorker(program, end);
    this.#child?.once('error', (error) => end(error.message));
    this.#child?.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
    this.#pipe = pipeOf(this.#child);
    const reader = new FrameReader();
    this.#pipe?.on('data', (chunk: Uint8Array) => {
      try {
        for (const { head, body } of reader.push(chunk)) {
          events.onFrame({ head, body: Uint8Array.from(body) });
        }
      } catch {
        this.kill();
      }
    });
    // A worker that dies while a picture is written to it: its exit is what counts.
    this.#pipe?.on('error', () => this.kill());
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  send(frame: Frame): void {
    if (this.#pipe !== undefined) writeFrame(this.#pipe, frame);
  }

  /** Resident memory in bytes; undefined where the system does not tell (elsewhere than on Linux). */
  residentBytes(): number | undefined {
    try {
      const pages = readFileSync(`/proc/${this.pid}/statm`, 'latin1').split(' ')[1];
      return Number(pages) * PAGE_BYTES;
    } catch {
      return undefined;
    }
  }

  /** Lets the worker end by itself: its pipe closes. */
  end(): void {
    this.#pipe?.end();
  }

  kill(): void {
    this.#child?.kill('SIGKILL');
  }
}

/** Undefined where Node throws; where it does not, a process that could not be started tells by an event. */
function spawnWorker(
  { script, args, flags = [], environment }: WorkerProgram,
  onFailed: (reason: string) => void,
): ChildProcess | undefined {
  try {
    return spawn(process.execPath, [...flags, fileURLToPath(script), ...args], {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
      env: environment,
      windowsHide: true,
    });
  } catch (error) {
    process.nextTick(onFailed, (error as Error).message);
    return undefined;
  }
}

/** Node makes none where it ran out of file handles, whatever its types say. */
function pipeOf(child: ChildProcess | undefined): Duplex | undefined {
  const stdio: ChildProcess['stdio'] | undefined = child?.stdio;
  return stdio?.[PIPE_DESCRIPTOR] as Duplex | undefined;
}
