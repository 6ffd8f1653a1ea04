import type { Logger } from './logger.ts';

/** One request, as its log line tells it. Nothing of a picture, a secret or a signature is in it. */
export interface RequestLine {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  /** Address of the client; behind trusted proxies, the one that they tell. */
  readonly client?: string;
  readonly action?: string;
  readonly instance?: string;
  readonly library?: string;
  readonly key?: string;
  readonly status: number;
  /** The error code of a refusal. */
  readonly code?: string;
  /** Milliseconds by stage (read, parse, authenticate, what the action tells, reply), one decimal; `total` from the head of the request to the end of the answer. */
  readonly ms: Readonly<Record<string, number>>;
}

interface RequestFacts {
  client?: string;
  action?: string;
  instance?: string;
  library?: string;
  key?: string;
  code?: string;
}

/** Characters of a text from outside that a line repeats. */
const MAX_LOGGED_LENGTH = 64;

/** Gathers what becomes known of a request on its way, and logs it once. */
export class RequestLog {
  readonly id: string;
  readonly #logger: Logger;
  readonly #now: () => number;
  readonly #startedMs: number;
  readonly #ms: Record<string, number> = {};
  readonly #facts: RequestFacts = {};

  /** @param now milliseconds, never going back */
  constructor(id: string, logger: Logger, now: () => number) {
    this.id = id;
    this.#logger = logger;
    this.#now = now;
    this.#startedMs = now();
  }

  note(fact: keyof RequestFacts, value: string | undefined): void {
    if (value !== undefined) this.#facts[fact] = value.slice(0, MAX_LOGGED_LENGTH);
  }

  /** As noted; empty for one that has gone already. */
  get client(): string {
    return this.#facts.client ?? '';
  }

  /** Adds to the time spent in a stage. */
  readonly addStage = (stage: string, ms: number): void => {
    this.#ms[stage] = roundMs((this.#ms[stage] ?? 0) + ms);
  };

  /** Measures a stage, also one that fails. */
  async measure<T>(stage: string, work: () => Promise<T>): Promise<T> {
    const startedMs = this.#now();
    try {
      return await work();
    } finally {
      this.addStage(stage, this.#now() - startedMs);
    }
  }

  /** A failure that is nobody's request: logged whole, as the answer says nothing of it. */
  bug(error: unknown): void {
    this.#logger.error({ id: this.id, ...this.#facts, err: error }, 'unexpected failure');
  }

  /** Writes the line, and returns it. */
  finish(method: string, path: string, status: number): RequestLine {
    const line: RequestLine = {
      id: this.id,
      method,
      path: path.slice(0, MAX_LOGGED_LENGTH),
      ...this.#facts,
      status,
      ms: { ...this.#ms, total: roundMs(this.#now() - this.#startedMs) },
    };
    this.#logger.info(line, 'request');
    return line;
  }
}

function roundMs(ms: number): number {
  return Math.round(ms * 10) / 10;
}
