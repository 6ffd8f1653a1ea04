import { Counter, Histogram, type Registry } from 'prom-client';

import type { RequestLine } from '../log/request-log.ts';

/** Seconds: from what a filter takes to what the vendor's client waits at most, and beyond. */
const BUCKETS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10,
] as const;

/** A request that named no action that there is. */
const NO_ACTION = 'none';
/** What an answer without an error code counts as. */
export const OK_CODE = 'OK';

const MILLISECONDS = 1000;

/** Counts requests and what their stages took. */
export class RequestMetrics {
  readonly #requests: Counter<'action' | 'code' | 'key'>;
  readonly #durations: Histogram<'action'>;
  readonly #stages: Histogram<'stage'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#requests = new Counter({
      name: 'likeness_requests_total',
      help: 'Requests answered, by action, by code (OK, or of the refusal) and by the access key whose signature held.',
      labelNames: ['action', 'code', 'key'],
      registers,
    });
    this.#durations = new Histogram({
      name: 'likeness_request_seconds',
      help: 'From the head of a request to the end of its answer, by action.',
      labelNames: ['action'],
      buckets: [...BUCKETS],
      registers,
    });
    this.#stages = new Histogram({
      name: 'likeness_stage_seconds',
      help: 'What requests spent in each stage on their way: read, parse, authenticate, upload, fetch, queue, decode, subject, embed, plan, scan, records, write, reply.',
      labelNames: ['stage'],
      buckets: [...BUCKETS],
      registers,
    });
  }

  /** Action, code and key are of closed sets: a stranger's texts never become labels. */
  observe({ action = NO_ACTION, code = OK_CODE, key = '', ms }: RequestLine): void {
    this.#requests.inc({ action, code, key });
    for (const [stage, spent] of Object.entries(ms)) {
      if (stage === 'total') this.#durations.observe({ action }, spent / MILLISECONDS);
      else this.#stages.observe({ stage }, spent / MILLISECONDS);
    }
  }
}
