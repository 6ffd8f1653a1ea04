import { NonceFiles } from './nonce-files.ts';
import { createNonceRecord, encodeNonceRecord, type NonceRecord } from './nonce-record.ts';
import { SIGNATURE_WINDOW_MS } from './timestamps.ts';

/** How long a nonce is kept at least: a request may be dated 15 minutes ahead, and is good for 15 more. */
export const NONCE_KEPT_MS = 2 * SIGNATURE_WINDOW_MS;

/** Live nonces of one key, 68 bytes each: 555 requests a second for half an hour. At this bound the key waits. */
export const MAX_NONCES_PER_KEY = 1_000_000;

/** Nonces are dropped by slices, so that none is looked at again. */
const SLICE_MS = 5 * 60_000;

export interface NonceLedgerOptions {
  /** Its own folder. */
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Changes when the machine restarts; undefined where that cannot be told. */
  readonly bootId: string | undefined;
  /** Whether the key may have been used before: without a ledger its nonces are then unknown. */
  readonly mayHavePredecessor: boolean;
  /** Told once, when nonces are from now on kept in memory alone. */
  readonly onUnwritable: (reason: unknown) => void;
  readonly maxPerKey?: number;
}

interface Slice {
  readonly nonces: Set<string>;
  readonly countByKey: Map<string, number>;
}

/**
 * The nonces used within the signature window: no signed request is obeyed twice, also after a restart
 * or `kill -9`.
 *
 * A live nonce is never dropped to make room. Where the ledger was lost, damaged or could not be
 * written, requests dated before the start are to be refused: {@link NonceLedger.refusesBeforeMs}.
 */
export class NonceLedger {
  readonly #options: NonceLedgerOptions;
  readonly #slices = new Map<number, Slice>();
  #files: NonceFiles | undefined;
  #refusesBeforeMs: number | undefined;
  #current = 0;

  private constructor(options: NonceLedgerOptions) {
    this.#options = options;
  }

  /** Reads the ledger of an earlier process, and goes on with it. */
  static async open(options: NonceLedgerOptions): Promise<NonceLedger> {
    const ledger = new NonceLedger(options);
    await ledger.#load();
    return ledger;
  }

  /** Requests dated before this must be refused; undefined if all nonces are known. */
  get refusesBeforeMs(): number | undefined {
    return this.#refusesBeforeMs;
  }

  /**
   * Takes a nonce, once its signature held. Resolves when it would survive the death of the process.
   *
   * @returns `full` at the key's bound: nothing was taken
   */
  async use(accessKeyId: string, nonce: string): Promise<'fresh' | 'used' | 'full'> {
    this.#roll();
    const record = createNonceRecord(accessKeyId, nonce);
    const slices = [...this.#slices.values()];
    if (slices.some((slice) => slice.nonces.has(record.nonce))) return 'used';
    const count = slices.reduce((sum, slice) => sum + (slice.countByKey.get(record.key) ?? 0), 0);
    if (count >= (this.#options.maxPerKey ?? MAX_NONCES_PER_KEY)) return 'full';
    this.#remember(this.#current, record);
    await this.#files?.append(encodeNonceRecord(record)).catch(async (error: unknown) => {
      await this.#giveUpFiles(error);
    });
    return 'fresh';
  }

  /** Syncs and closes the files. */
  async close(): Promise<void> {
    await this.#files?.close().catch((error: unknown) => this.#giveUpFiles(error));
    this.#files = undefined;
  }

  async #load(): Promise<void> {
    const { now, mayHavePredecessor } = this.#options;
    const nowMs = now();
    const files = new NonceFiles(this.#options);
    const found = await files.load();
    this.#current = sliceOf(nowMs);
    for (const [slice, records] of found.slices) {
      if (slice >= oldestSlice(nowMs)) {
        for (const record of records) this.#remember(slice, record);
      }
    }
    const isNew = found.isMissing && !mayHavePredecessor;
    this.#refusesBeforeMs = found.isComplete || isNew ? found.floorMs : nowMs;
    this.#files = files;
    try {
      await files.start(this.#current, oldestSlice(nowMs), this.#refusesBeforeMs);
    } catch (error) {
      await this.#giveUpFiles(error);
    }
  }

  #roll(): void {
    const nowMs = this.#options.now();
    // Never back: a clock set back must not revive a file that is closed.
    const slice = Math.max(this.#current, sliceOf(nowMs));
    if (slice === this.#current) return;
    this.#current = slice;
    const oldest = oldestSlice(nowMs);
    for (const each of this.#slices.keys()) if (each < oldest) this.#slices.delete(each);
    this.#files?.roll(slice, oldest).catch((error: unknown) => this.#giveUpFiles(error));
  }

  #remember(slice: number, { key, nonce }: NonceRecord): void {
    const held = this.#slices.get(slice) ?? { nonces: new Set(), countByKey: new Map() };
    this.#slices.set(slice, held);
    held.nonces.add(nonce);
    held.countByKey.set(key, (held.countByKey.get(key) ?? 0) + 1);
  }

  async #giveUpFiles(reason: unknown): Promise<void> {
    const files = this.#files;
    if (files === undefined) return;
    this.#files = undefined;
    this.#options.onUnwritable(reason);
    await files.abandon();
  }
}

function sliceOf(ms: number): number {
  return Math.floor(ms / SLICE_MS);
}

/** The oldest slice that may hold a nonce that is still good. */
function oldestSlice(nowMs: number): number {
  return sliceOf(nowMs - NONCE_KEPT_MS);
}
