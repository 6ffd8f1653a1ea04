import { Counter, Gauge, type Registry } from 'prom-client';

import type { CollectionFigures, ServerState } from './server-state.ts';

/** Puts a {@link ServerState} into gauges, and into counters that were counted elsewhere. */
export class StateMetrics {
  readonly #images: Gauge<'facade' | 'name'>;
  readonly #bytes: Gauge<'facade' | 'name'>;
  readonly #unembedded: Gauge<'facade' | 'name'>;
  readonly #queued: Gauge<'queue'>;
  readonly #refused: Counter<'queue'>;
  readonly #searches: Counter<'mode'>;
  readonly #rowsScanned: Counter<'mode'>;
  readonly #workers: Gauge<'state'>;
  readonly #restarts: Counter;
  readonly #damage: Gauge<'kind'>;
  readonly #uploads: Gauge;
  readonly #uploadBytes: Gauge;
  readonly #writable: Gauge;
  readonly #free: Gauge;

  constructor(registry: Registry) {
    const gauge = <Label extends string>(
      name: string,
      help: string,
      labelNames: readonly Label[] = [],
    ): Gauge<Label> => new Gauge({ name, help, labelNames, registers: [registry] });
    const collection = ['facade', 'name'] as const;
    this.#images = gauge('likeness_images', 'Pictures a collection holds.', collection);
    this.#bytes = gauge(
      'likeness_stored_bytes',
      'Bytes of a collection: records, and the pictures they keep.',
      collection,
    );
    this.#unembedded = gauge(
      'likeness_unembedded_images',
      'Pictures of a collection that searches do not find: another model pack embedded them.',
      collection,
    );
    this.#queued = gauge('likeness_queue_length', 'Work that waits, or is held.', ['queue']);
    this.#refused = new Counter({
      name: 'likeness_queue_refusals_total',
      help: 'Work refused since the start because its queue was full.',
      labelNames: ['queue'],
      registers: [registry],
    });
    this.#searches = new Counter({
      name: 'likeness_index_searches_total',
      help: 'Searches of indexes since the start: exact, or approximate by cells.',
      labelNames: ['mode'],
      registers: [registry],
    });
    this.#rowsScanned = new Counter({
      name: 'likeness_rows_scanned_total',
      help: 'Rows that those searches compared with what they searched for.',
      labelNames: ['mode'],
      registers: [registry],
    });
    this.#workers = gauge('likeness_vision_workers', 'Vision processes: ready, and busy of them.', [
      'state',
    ]);
    this.#restarts = new Counter({
      name: 'likeness_worker_restarts_total',
      help: 'Vision processes lost or replaced since the start.',
      registers: [registry],
    });
    this.#damage = gauge('likeness_damage', 'Damage found since the start, by kind.', ['kind']);
    this.#uploads = gauge('likeness_uploads', 'Uploaded pictures that wait to be used, or to go.');
    this.#uploadBytes = gauge(
      'likeness_upload_bytes',
      'Bytes of uploaded pictures; one that arrives counts as the largest.',
    );
    this.#writable = gauge('likeness_writable', '1 while writes are accepted, else 0.');
    this.#free = gauge(
      'likeness_disk_free_bytes',
      'Bytes that may still be written where the data folder is.',
    );
  }

  set(state: ServerState): void {
    this.#setCollections(state.collections);
    this.#refused.reset();
    for (const { name, length, refused } of state.queues) {
      this.#queued.set({ queue: name }, length);
      this.#refused.inc({ queue: name }, refused);
    }
    this.#searches.reset();
    this.#rowsScanned.reset();
    for (const [mode, { searches, rowsScanned }] of Object.entries(state.searches)) {
      this.#searches.inc({ mode }, searches);
      this.#rowsScanned.inc({ mode }, rowsScanned);
    }
    this.#workers.set({ state: 'ready' }, state.workers.ready);
    this.#workers.set({ state: 'busy' }, state.workers.busy);
    this.#restarts.reset();
    this.#restarts.inc(state.workers.restarts);
    for (const [kind, count] of Object.entries(state.damage)) this.#damage.set({ kind }, count);
    this.#uploads.set(state.uploads.objects);
    this.#uploadBytes.set(state.uploads.bytes);
    this.#writable.set(state.isWritable ? 1 : 0);
    if (state.freeBytes !== undefined) this.#free.set(state.freeBytes);
  }

  /** A collection that was deleted is told no more. */
  #setCollections(collections: readonly CollectionFigures[]): void {
    for (const each of [this.#images, this.#bytes, this.#unembedded]) each.reset();
    for (const { facade, name, images, storedBytes, unembedded } of collections) {
      this.#images.set({ facade, name }, images);
      this.#bytes.set({ facade, name }, storedBytes);
      this.#unembedded.set({ facade, name }, unembedded);
    }
  }
}
