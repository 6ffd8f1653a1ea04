import { Socket } from 'node:net';
import { FrameReader, NO_BODY, writeFrame, type Frame } from './frames.ts';
import { PIPE_DESCRIPTOR } from './worker-process.ts';

/** A worker's end of the pipe to its owner. */
export class WorkerPipe {
  readonly #socket: Socket;

  /** From now on the process ends when the pipe does. */
  constructor() {
    this.#socket = new Socket({ fd: PIPE_DESCRIPTOR, readable: true, writable: true });
    // A terminal's Ctrl-C reaches the whole group; the server decides when its workers end.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
    // Whoever read the server's log may have gone.
    process.stderr.on('error', () => {});
    this.#socket.on('end', () => process.exit(0));
    this.#socket.on('error', () => process.exit(0));
  }

  /** Says that the worker is ready, and answers every frame from then on; `answer` never rejects. */
  serve(answer: (frame: Frame) => Promise<Frame>): void {
    const reader = new FrameReader();
    const send = (frame: Frame): void => writeFrame(this.#socket, frame);
    this.#socket.on('data', (chunk: Uint8Array) => {
      for (const frame of reader.push(chunk)) void answer(frame).then(send);
    });
    send({ head: { kind: 'ready' }, body: NO_BODY });
  }
}
