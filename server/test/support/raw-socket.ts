import { connect } from 'node:net';

export interface RawAnswer {
  readonly bytes: Buffer;
  readonly text: string;
  /** Status of the first answer, 0 if there was none. */
  readonly status: number;
  /** Milliseconds from connecting to the end of the connection. */
  readonly elapsedMs: number;
}

/** A piece to send, or milliseconds to wait before the next. */
export type Piece = string | Buffer | number;

/** Sends pieces over a bare connection, and reads until the server ends it. */
export async function talk(port: number, pieces: readonly Piece[]): Promise<RawAnswer> {
  const startedMs = performance.now();
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const isClosed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => socket.destroy());
  for (const piece of pieces) {
    if (typeof piece === 'number') await new Promise((resolve) => setTimeout(resolve, piece));
    else if (!socket.destroyed) socket.write(piece);
  }
  await isClosed;
  const bytes = Buffer.concat(chunks);
  const text = bytes.toString();
  const status = Number(/^HTTP\/1\.1 (\d{3})/u.exec(text)?.[1] ?? 0);
  return { bytes, text, status, elapsedMs: performance.now() - startedMs };
}
