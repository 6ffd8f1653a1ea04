import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { encodeFrame, FrameReader, type Frame } from './frames.ts';

/** Descriptor of the pipe in the worker. */
export const PIPE_DESCRIPTOR = 3;
/** One thread for libvips and onnxruntime alike; fewer malloc arenas keep resident memory down. */
const WORKER_ENVIRONMENT = {
  VIPS_CONCURRENCY: '1',
  UV_THREADPOOL_SIZE: '2',
  MALLOC_ARENA_MAX: '2',
};
/** Bytes of a page in /proc; the same on every Linux that Node's binaries run on with 4 KiB pages. */
const PAGE_BYTES = 4096;

/** What a worker process tells its owner. */
export interface WorkerEvents {
  readonly onFrame: (frame: Frame) => void;
  /** Told exactly once, however the process ended. */
  readonly onExit: (reason: string) => void;
}

/**
 * One worker process and the pipe to it. It gets no environment but its own, so that no secret of the
 * server is in a process that decodes hostile bytes.
 */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #pipe: Duplex;

  constructor(script: URL, args: readonly string[], events: WorkerEvents) {
    this.#child = spawn(process.execPath, [fileURLToPath(script), ...args], {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
      env: WORKER_ENVIRONMENT,
      windowsHide: true,
    });
    this.#pipe = this.#child.stdio[PIPE_DESCRIPTOR] as Duplex;
    const reader = new FrameReader();
    this.#pipe.on('data', (chunk: Uint8Array) => {
      try {
        for (const frame of reader.push(chunk)) events.onFrame(frame);
      } catch {
        this.kill();
      }
    });
    // A worker that dies while a picture is written to it: its exit is what counts.
    this.#pipe.on('error', () => this.kill());
    let isOver = false;
    const end = (reason: string): void => {
      if (!isOver) events.onExit(reason);
      isOver = true;
    };
    this.#child.once('error', (error) => end(error.message));
    this.#child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(frame: Frame): void {
    for (const chunk of encodeFrame(frame)) this.#pipe.write(chunk);
  }

  /** Resident memory in bytes; undefined where the system does not tell (elsewhere than on Linux). */
  residentBytes(): number | undefined {
    try {
      const pages = readFileSync(`/proc/${this.#child.pid}/statm`, 'latin1').split(' ')[1];
      return Number(pages) * PAGE_BYTES;
    } catch {
      return undefined;
    }
  }

  /** Lets the worker end by itself: its pipe closes. */
  end(): void {
    this.#pipe.end();
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
