import { Socket, type OnReadOpts, type SocketConstructorOpts } from 'node:net';
import { FrameReader, NO_BODY, writeFrame, type Frame } from './frames.ts';
import { PIPE_DESCRIPTOR } from './worker-process.ts';

/** A worker's end of the pipe to its owner. */
export class WorkerPipe {
  readonly #reader = new FrameReader();
  readonly #socket: Socket;
  #answer: ((frame: Frame) => Promise<Frame>) | undefined;

  /** From now on the process ends when the pipe does. */
  constructor() {
    // A picture is read to where it is decoded from. The constructor takes `onread`; its types know it for `connect` alone.
    const options: SocketConstructorOpts & { readonly onread: OnReadOpts } = {
      fd: PIPE_DESCRIPTOR,
      readable: true,
      writable: true,
      onread: { buffer: () => this.#reader.room, callback: (bytes) => this.#take(bytes) },
    };
    this.#socket = new Socket(options);
    // A terminal's Ctrl-C reaches the whole group; the server decides when its workers end.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
    // Whoever read the server's log may have gone.
    process.stderr.on('error', () => {});
    this.#socket.on('end', () => process.exit(0));
    this.#socket.on('error', () => process.exit(0));
  }

  /**
   * Says that the worker is ready, and answers every frame from then on; `answer` never rejects. The body of a frame
   * is valid until more bytes come: where the owner does not wait for an answer, for as long as nothing was awaited.
   */
  serve(answer: (frame: Frame) => Promise<Frame>): void {
    this.#answer = answer;
    writeFrame(this.#socket, { head: { kind: 'ready' }, body: NO_BODY });
  }

  #take(bytes: number): boolean {
    for (const frame of this.#reader.take(bytes)) {
      void this.#answer?.(frame).then((answered) => writeFrame(this.#socket, answered));
    }
    return true;
  }
}
