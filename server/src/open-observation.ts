import { ACTIONS } from '@likeness/shared/api';

import { LIBRARY_OPERATIONS } from './actions/libraries/operations.ts';
import type { Catalog } from './catalog/catalog.ts';
import type { Config } from './config/config.ts';
import type { Admission } from './http/admission.ts';
import type { FormWorkers } from './http/form-workers.ts';
import { MetricsPort } from './http/metrics-port.ts';
import { PICTURES_ACTION } from './http/picture-page.ts';
import type { Logger } from './log/logger.ts';
import type { RequestLine } from './log/request-log.ts';
import { Metrics } from './metrics/metrics.ts';
import { OK_CODE } from './metrics/request-metrics.ts';
import type { CollectionFigures, QueueState, ServerState } from './metrics/server-state.ts';
import { VERSION } from './package-version.ts';
import type { DamageRegister } from './store/damage-register.ts';
import type { ValueStore } from './store/value-store.ts';
import type { UploadStore } from './uploads/upload-store.ts';
import { UsageBook } from './usage/usage-book.ts';
import { formatCollection } from './usage/usage-names.ts';
import { StoredUsageReader, type UsageReader } from './usage/usage-report.ts';

export interface ObservationOptions {
  readonly config: Pick<Config, 'metricsPort'>;
  readonly logger: Logger;
  readonly catalog: Catalog;
  readonly values: ValueStore;
  readonly damage: Pick<DamageRegister, 'note'>;
  readonly admission: Pick<Admission, 'load'>;
  readonly formWorkers: Pick<FormWorkers, 'load'>;
  readonly uploads: Pick<UploadStore, 'load'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Pages that watch the server are no use of it. */
const COUNTED: ReadonlySet<string> = new Set([
  ...Object.keys(ACTIONS),
  ...LIBRARY_OPERATIONS.map(({ name }) => name),
  PICTURES_ACTION,
]);

/** What is told of the server, and of its use. */
export interface Observation {
  readonly metrics: Metrics;
  readonly usage: UsageReader;
  readonly startedMs: number;
  /** Counts a request that was answered. Nothing waits for it. */
  readonly onAnswered: (line: RequestLine) => void;
  /** The port of metrics alone; undefined where none was asked for. */
  readonly metricsPort: number | undefined;
  /** Writes what was counted. */
  readonly close: () => Promise<void>;
}

/** @throws {Error} `EADDRINUSE` and the like for the port of metrics. */
export async function openObservation(options: ObservationOptions): Promise<Observation> {
  const { config, logger, catalog, now } = options;
  const startedMs = now();
  const { name, version } = catalog.pack;
  const metrics = new Metrics({
    version: VERSION,
    pack: `${name} ${version}`,
    startedAt: startedMs / 1000,
    readState: () => readState(options),
  });
  const { book, usage } = openUsage(options);
  const onError = (error: unknown): void => logger.error({ err: error }, 'metrics failed');
  const port = new MetricsPort({ metrics, onError });
  const { metricsPort: wished } = config;
  const address = wished === undefined ? undefined : await port.listen(wished);
  return {
    metrics,
    usage,
    startedMs,
    metricsPort: address?.port,
    onAnswered: (line) => {
      metrics.observe(line);
      const { action, code = OK_CODE, ms } = line;
      if (action === undefined || !COUNTED.has(action)) return;
      const collection = collectionOf(catalog, line);
      book.note({ collection, action, code, ms: ms['total'] ?? 0 });
    },
    close: async () => {
      await port.close();
      await book.close();
      metrics.close();
    },
  };
}

function openUsage({ catalog, values, damage, now, logger }: ObservationOptions): {
  readonly book: UsageBook;
  readonly usage: UsageReader;
} {
  const guarded: ValueStore = {
    readValues: async (range) => {
      const found = await values.readValues(range);
      // Named as a verification names it. What it counted is lost: the next write of its row takes its place.
      for (const name of found.damaged) {
        const detail = `the value ${JSON.stringify(name)} is damaged`;
        damage.note({ kind: 'value', name, detail });
      }
      return found;
    },
    writeValues: (changes) => catalog.guardWrite(() => values.writeValues(changes)),
  };
  const book = new UsageBook({
    values: guarded,
    now,
    readCollections: () => readCollections(catalog),
    onError: (error) => logger.warn({ err: error }, 'usage could not be written for now'),
  });
  return { book, usage: new StoredUsageReader(guarded, book) };
}

/** Only of collections that there are: a name that somebody made up must not be kept for two years. */
function collectionOf(catalog: Catalog, { instance, library }: RequestLine): string {
  const name = instance ?? library;
  if (name === undefined) return '';
  try {
    const facade = instance === undefined ? 'library' : 'instance';
    return formatCollection(catalog.collection(facade, name));
  } catch {
    return '';
  }
}

function readCollections(catalog: Catalog): readonly CollectionFigures[] {
  return (['instance', 'library'] as const).flatMap((facade) => catalog.listCollections(facade));
}

async function readState(options: ObservationOptions): Promise<ServerState> {
  const health = await options.catalog.health();
  return {
    collections: readCollections(options.catalog),
    queues: readQueues(options, health),
    searches: health.searches,
    workers: health.vision.workers,
    damage: health.damageCounts,
    uploads: options.uploads.load,
    isWritable: health.isWritable,
    freeBytes: health.freeBytes,
  };
}

function readQueues(
  { admission, formWorkers, uploads: stored }: ObservationOptions,
  { vision, scans, writes }: Awaited<ReturnType<Catalog['health']>>,
): readonly QueueState[] {
  const { waiting, refused } = vision;
  const { requests, connections, uploads } = admission.load;
  return [
    ...(['search', 'add', 'background'] as const).map((priority) => ({
      name: `vision_${priority}`,
      length: waiting[priority],
      refused: refused[priority],
    })),
    { name: 'scan', length: scans.waiting, refused: scans.refused },
    { name: 'write', length: writes.waiting, refused: writes.refused },
    { name: 'form', length: formWorkers.load.held, refused: formWorkers.load.refused },
    {
      name: 'upload',
      length: uploads.taken,
      refused: uploads.refused + stored.load.refused,
    },
    { name: 'request', length: requests.taken, refused: requests.refused },
    { name: 'connection', length: connections.open, refused: connections.refused },
  ];
}
