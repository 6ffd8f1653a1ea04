import { types } from 'node:util';
import { Worker } from 'node:worker_threads';

import { ApiError } from '@likeness/shared/errors';
import type { Pairs } from '@likeness/shared/signing';

import type { SignedForm } from '../auth/signed-request.ts';
import { builtScript } from '../built-script.ts';
import type { BodyLease } from './body-budget.ts';
import { decodedBytes } from './escaped-base64.ts';
import type { PictureValue } from './form-content.ts';
import type { FormAnswer, FormQuestion, FormValues } from './form-messages.ts';
import type { Form } from './form.ts';
import type { JsonContent } from './json-content.ts';

export interface FormWorkersOptions {
  /** Started when first needed. */
  readonly threads: number;
  /** Large forms held at once, 12 a thread if absent; one more is refused with `ServiceUnavailable`. */
  readonly maxForms?: number;
}

/** A form of 6 MB keeps its thread busy for 100 ms: the last of these is through after a good second. */
const FORMS_PER_THREAD = 12;

const RETRY_AFTER_MS = 1000;

interface Waiting {
  readonly resolve: (value: FormValues[keyof FormValues]) => void;
  readonly reject: (reason: Error) => void;
}

/** A thread, and who waits for its answers. */
interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
  forms: number;
  isLost: boolean;
}

/** Threads for large bodies, so that the main thread never parses, signs or decodes one. */
export class FormWorkers {
  readonly #options: FormWorkersOptions;
  readonly #threads: Thread[] = [];
  #nextId = 1;
  #refused = 0;

  constructor(options: FormWorkersOptions) {
    this.#options = options;
  }

  /** Large forms held now, and refused since the start. */
  get load(): { readonly held: number; readonly refused: number } {
    const held = this.#threads.reduce((sum, { forms }) => sum + forms, 0);
    return { held, refused: this.#refused };
  }

  /**
   * Shares a body with a thread, and the room of its lease for the pictures in it.
   *
   * @throws {ApiError} `ServiceUnavailable` when too many are held.
   */
  async open(body: Buffer, lease: Pick<BodyLease, 'room'>): Promise<Form> {
    const thread = this.#take();
    const id = this.#nextId++;
    try {
      const pairs = await ask<'open'>(thread, { kind: 'open', id, body: share(body) });
      const takeRoom = (): Uint8Array => new Uint8Array(lease.room(decodedBytes(body.length)));
      return new HeldForm(thread, { id, pairs, takeRoom });
    } catch (error) {
      thread.forms -= 1;
      throw error;
    }
  }

  /**
   * Reads a JSON body in a thread, which puts its picture where the body was.
   *
   * @throws {ApiError} as `readJsonContent`; `ServiceUnavailable` as {@link open}
   */
  async readJson(body: Buffer): Promise<JsonContent> {
    const thread = this.#take();
    try {
      return await ask<'json'>(thread, { kind: 'json', id: this.#nextId++, body: share(body) });
    } finally {
      thread.forms -= 1;
    }
  }

  /** Ends the threads; forms still held are lost. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map(({ worker }) => worker.terminate()));
  }

  /** A thread, with a place in it taken. */
  #take(): Thread {
    const { threads, maxForms = threads * FORMS_PER_THREAD } = this.#options;
    if (this.load.held >= maxForms) {
      this.#refused += 1;
      throw new ApiError('ServiceUnavailable', { retryAfterMs: RETRY_AFTER_MS });
    }
    const thread = this.#leastBusy();
    thread.forms += 1;
    return thread;
  }

  #leastBusy(): Thread {
    if (this.#threads.length < this.#options.threads) {
      const idle = this.#threads.find(({ forms }) => forms === 0);
      return idle ?? this.#start();
    }
    return this.#threads.reduce((best, each) => (each.forms < best.forms ? each : best));
  }

  #start(): Thread {
    const worker = new Worker(builtScript('./form.worker.js', import.meta.url));
    const thread: Thread = { worker, waiting: new Map(), forms: 0, isLost: false };
    worker.unref();
    worker.on('message', (answer: FormAnswer) => {
      const waiting = thread.waiting.get(answer.id);
      thread.waiting.delete(answer.id);
      if ('error' in answer) waiting?.reject(failureOf(answer));
      else waiting?.resolve(answer.value);
    });
    const onLost = (reason: unknown): void => {
      thread.isLost = true;
      const at = this.#threads.indexOf(thread);
      if (at !== -1) this.#threads.splice(at, 1);
      for (const { reject } of thread.waiting.values()) {
        reject(new Error('a form thread ended', { cause: reason }));
      }
      thread.waiting.clear();
    };
    worker.on('error', onLost).on('exit', onLost);
    this.#threads.push(thread);
    return thread;
  }
}

class HeldForm implements Form {
  readonly pairs: Pairs;
  readonly #thread: Thread;
  readonly #id: number;
  readonly #takeRoom: () => Uint8Array;
  #isReleased = false;

  constructor(
    thread: Thread,
    opened: { readonly id: number; readonly pairs: Pairs; readonly takeRoom: () => Uint8Array },
  ) {
    this.#thread = thread;
    this.#id = opened.id;
    this.#takeRoom = opened.takeRoom;
    this.pairs = opened.pairs;
  }

  rpcV1Signatures(
    request: Parameters<SignedForm['rpcV1Signatures']>[0],
  ): ReturnType<SignedForm['rpcV1Signatures']> {
    return ask<'sign'>(this.#thread, { kind: 'sign', id: this.#id, request });
  }

  pictures(): Promise<ReadonlyMap<string, PictureValue>> {
    const room = this.#takeRoom();
    return ask<'pictures'>(this.#thread, { kind: 'pictures', id: this.#id, room });
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#thread.forms -= 1;
    const question: FormQuestion = { kind: 'release', id: this.#id };
    this.#thread.worker.postMessage(question, []);
  }
}

function ask<K extends keyof FormValues>(
  thread: Thread,
  question: FormQuestion,
): Promise<FormValues[K]> {
  return new Promise((resolve, reject) => {
    if (thread.isLost) throw new Error('a form thread ended');
    // The thread answers each kind of question with its own kind of value.
    thread.waiting.set(question.id, { resolve: resolve as Waiting['resolve'], reject });
    thread.worker.postMessage(question, []);
  });
}

function failureOf({ error, code }: Extract<FormAnswer, { error: string }>): Error {
  return code === undefined ? new Error(error) : new ApiError(code, { message: error });
}

/** A body as threads can have it without a copy: those that {@link GrowingBody} put together are so already. */
function share(body: Buffer): Uint8Array {
  if (types.isSharedArrayBuffer(body.buffer)) return body;
  const shared = new Uint8Array(new SharedArrayBuffer(body.length));
  shared.set(body);
  return shared;
}
