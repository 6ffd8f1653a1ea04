import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { KeptFrame } from '../../actions/libraries/kept-frame.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { REPLY_TIMEOUT_MS } from '../limits.ts';
import { JSON_TYPE, replyText } from '../reply.ts';
import type { SendBudget } from '../send-budget.ts';

export interface AnswerWriterOptions {
  readonly catalog: Pick<Catalog, 'keptPicture'>;
  readonly budget: SendBudget;
}

/** Bytes of a picture that are encoded at once. A multiple of 3: each piece is whole Base64. */
const PIECE_BYTES = 3 * 64 * 1024;

/** Every answer of the operator API. */
interface Envelope extends Record<string, unknown> {
  readonly status: string;
  readonly message: string | null;
  readonly data: unknown;
}

/** Writes answers; kept pictures in them are read one by one while the client takes them. */
export class AnswerWriter {
  readonly #options: AnswerWriterOptions;

  constructor(options: AnswerWriterOptions) {
    this.#options = options;
  }

  /** @throws {ApiError} `ServiceUnavailable` while too many pictures are on their way */
  async write(request: IncomingMessage, response: ServerResponse, data: unknown): Promise<void> {
    const body: Envelope = { status: 'SUCCESS', message: null, data };
    const { texts, frames } = cutAtFrames(body);
    const [text = ''] = texts;
    if (frames.length === 0)
      return replyText(request, response, { status: 200, type: JSON_TYPE, text });
    const { budget } = this.#options;
    const largest = Math.max(...frames.map(({ kept }) => kept.bytes));
    await budget.run(largest, response, async () => {
      response.statusCode = 200;
      response.setHeader('Content-Type', JSON_TYPE);
      response.setTimeout(REPLY_TIMEOUT_MS, () => response.destroy());
      await pipeline(Readable.from(this.#pieces(texts, frames)), response);
    });
  }

  async *#pieces(
    texts: readonly string[],
    frames: readonly KeptFrame[],
  ): AsyncGenerator<string, void> {
    for (const [index, text] of texts.entries()) {
      yield text;
      const frame = frames[index];
      if (frame !== undefined) yield* this.#framePieces(frame);
    }
  }

  /** A picture that was deleted meanwhile, or is damaged, is null as one that is not kept. */
  async *#framePieces({ kept }: KeptFrame): AsyncGenerator<string, void> {
    const picture = await this.#options.catalog.keptPicture(kept.hash);
    if (picture === undefined) {
      yield 'null';
      return;
    }
    const { buffer, byteOffset, byteLength } = picture.bytes;
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    yield '"';
    for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
      yield bytes.toString('base64', start, Math.min(start + PIECE_BYTES, bytes.length));
    }
    yield '"';
  }
}

/** The JSON text, cut where pictures belong. */
function cutAtFrames(body: Envelope): {
  readonly texts: readonly string[];
  readonly frames: readonly KeptFrame[];
} {
  // Nobody can have sent it.
  const mark = randomUUID();
  const frames: KeptFrame[] = [];
  const text = JSON.stringify(body, (_name, value: unknown) => {
    if (!(value instanceof KeptFrame)) return value;
    frames.push(value);
    return mark;
  });
  return { texts: text.split(`"${mark}"`), frames };
}
