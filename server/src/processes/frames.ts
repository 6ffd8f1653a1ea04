import type { Writable } from 'node:stream';

/**
 * Messages between the server and its worker processes, over one pipe each way:
 *
 *     frame = length of head (u32 LE), length of body (u32 LE), head (JSON, UTF-8), body (raw bytes)
 *
 * A picture travels as raw bytes: measured 1.8 ms for 4 MB, where Node's own IPC takes longer and
 * copies more.
 */
export interface Frame {
  readonly head: unknown;
  readonly body: Uint8Array;
}

export const NO_BODY = new Uint8Array();

const PREFIX_BYTES = 8;
/** Far above any picture or vector; a longer frame means that the other side is out of its mind. */
const MAX_FRAME_BYTES = 64 * 1024 * 1024;
/** Most pictures fit; nothing of it is resident that was not used. */
const FIRST_ROOM_BYTES = 1024 * 1024;

/** Writes a frame as one piece, so that the other side wakes once; the body is not copied. */
export function writeFrame(pipe: Writable, frame: Frame): void {
  pipe.cork();
  for (const chunk of encodeFrame(frame)) pipe.write(chunk);
  pipe.uncork();
}

/** The chunks to write, in order; the body is not copied. */
export function encodeFrame({ head, body }: Frame): readonly Uint8Array[] {
  const text = Buffer.from(JSON.stringify(head), 'utf8');
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32LE(text.length, 0);
  prefix.writeUInt32LE(body.length, 4);
  return [prefix, text, body];
}

/** Numbers as a body: little-endian float32. */
export function writeFloats(floats: Float32Array): Uint8Array {
  return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
}

/** A copy: the body lies anywhere in a larger buffer, float32 wants a multiple of four. */
export function readFloats(body: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(body).buffer);
}

/**
 * Puts frames together from what a pipe delivers. Bodies lie in memory that is used again: one is valid until more
 * bytes come.
 */
export class FrameReader {
  #room = Buffer.allocUnsafeSlow(FIRST_ROOM_BYTES);
  #length = 0;

  /** Where the next bytes go; {@link take} says how many came. Never empty. */
  get room(): Uint8Array {
    return this.#room.subarray(this.#length);
  }

  /** The frames that are complete now. @throws when a frame is too long or its head is no JSON. */
  take(bytes: number): readonly Frame[] {
    this.#length += bytes;
    const frames: Frame[] = [];
    let start = 0;
    let size = this.#frameBytes(start);
    while (start + size <= this.#length) {
      frames.push(this.#read(start));
      start += size;
      size = this.#frameBytes(start);
    }
    this.#makeRoom(start, size);
    return frames;
  }

  /** As {@link take}, of bytes that lie elsewhere. */
  push(chunk: Uint8Array): readonly Frame[] {
    const length = this.#length + chunk.length;
    if (length > this.#room.length) this.#move(this.#room.subarray(0, this.#length), length);
    this.#room.set(chunk, this.#length);
    return this.take(chunk.length);
  }

  /** Of the frame that starts there; of its prefix while that is not here. */
  #frameBytes(start: number): number {
    if (this.#length - start < PREFIX_BYTES) return PREFIX_BYTES;
    const [head, body] = this.#lengths(start);
    const size = PREFIX_BYTES + head + body;
    if (size > MAX_FRAME_BYTES) throw new Error(`a frame of ${size} bytes is too long`);
    return size;
  }

  #lengths(start: number): readonly [head: number, body: number] {
    return [this.#room.readUInt32LE(start), this.#room.readUInt32LE(start + 4)];
  }

  #read(start: number): Frame {
    const [head, body] = this.#lengths(start);
    const headStart = start + PREFIX_BYTES;
    const bodyStart = headStart + head;
    return {
      head: JSON.parse(this.#room.toString('utf8', headStart, bodyStart)) as unknown,
      body: this.#room.subarray(bodyStart, bodyStart + body),
    };
  }

  /** Leaves what was read as it is, and goes on with what begins at `start`. */
  #makeRoom(start: number, size: number): void {
    const rest = this.#room.subarray(start, this.#length);
    const isMoved = (start > 0 && rest.length > 0) || size > this.#room.length;
    if (isMoved) this.#move(rest, Math.max(this.#room.length, size));
    this.#length = rest.length;
  }

  #move(rest: Uint8Array, roomBytes: number): void {
    this.#room = Buffer.allocUnsafeSlow(roomBytes);
    this.#room.set(rest);
  }
}
