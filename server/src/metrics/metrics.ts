import { Counter, Gauge, Registry } from 'prom-client';

import type { RequestLine } from '../log/request-log.ts';
import { EventLoopWatch } from './event-loop.ts';
import { RequestMetrics } from './request-metrics.ts';
import type { ServerState } from './server-state.ts';
import { StateMetrics } from './state-metrics.ts';

export interface MetricsOptions {
  readonly version: string;
  /** Name and version of the model pack in use. */
  readonly pack: string;
  /** Seconds since 1970. */
  readonly startedAt: number;
  /** Looked at for each scrape. */
  readonly readState: () => Promise<ServerState>;
}

/** Everything that `GET /metrics` tells, in the text format of Prometheus. */
export class Metrics {
  readonly #options: MetricsOptions;
  readonly #registry = new Registry();
  readonly #requests = new RequestMetrics(this.#registry);
  readonly #state = new StateMetrics(this.#registry);
  readonly #eventLoop = new EventLoopWatch();
  readonly #delay: Gauge<'quantile'>;
  readonly #memory: Gauge;
  readonly #cpu: Counter;

  constructor(options: MetricsOptions) {
    this.#options = options;
    const registers = [this.#registry];
    this.#delay = new Gauge({
      name: 'likeness_event_loop_delay_seconds',
      help: 'How late the event loop was since the scrape before: median, 99th percentile, worst.',
      labelNames: ['quantile'],
      registers,
    });
    this.#memory = new Gauge({
      name: 'process_resident_memory_bytes',
      help: 'Resident memory of the server process, its vision processes not counted.',
      registers,
    });
    this.#cpu = new Counter({
      name: 'process_cpu_seconds_total',
      help: 'Processor time of the server process, its vision processes not counted.',
      registers,
    });
    this.#tellConstants();
  }

  /** Content type of {@link render}. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Counts a request that was answered. */
  observe(line: RequestLine): void {
    this.#requests.observe(line);
  }

  /** All figures as of now. */
  async render(): Promise<string> {
    this.#state.set(await this.#options.readState());
    const { p50, p99, max } = this.#eventLoop.read();
    this.#delay.set({ quantile: '0.5' }, p50);
    this.#delay.set({ quantile: '0.99' }, p99);
    this.#delay.set({ quantile: '1' }, max);
    this.#memory.set(process.memoryUsage.rss());
    const { user, system } = process.cpuUsage();
    this.#cpu.reset();
    this.#cpu.inc((user + system) / MICROSECONDS);
    return this.#registry.metrics();
  }

  close(): void {
    this.#eventLoop.close();
  }

  #tellConstants(): void {
    const { version, pack, startedAt } = this.#options;
    const registers = [this.#registry];
    new Gauge({
      name: 'likeness_info',
      help: 'Always 1: the version that runs, and its model pack.',
      labelNames: ['version', 'pack'],
      registers,
    }).set({ version, pack }, 1);
    new Gauge({
      name: 'process_start_time_seconds',
      help: 'When the server started, in seconds since 1970.',
      registers,
    }).set(startedAt);
  }
}

const MICROSECONDS = 1e6;
