/**
 * The nonce ledger on disk: one append-only file per slice of time, and a state file that says what
 * must be there. Appends are not synced: the page cache survives `kill -9`, and after a restart of the
 * machine, told by its boot id, the ledger counts as lost.
 *
 *     state.json       { format, bootId, isClosed, floorMs, slices: { "<slice>": bytes at least } }
 *     <slice>.nonces   records of nonce-record.ts
 */
import {
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import { join } from 'node:path';

import {
  decodeNonceRecords,
  encodeNonceRecord,
  type DecodedNonces,
  type NonceRecord,
} from './nonce-record.ts';

const FORMAT = 1;
const STATE_FILE = 'state.json';
const SLICE_FILE = /^(\d+)\.nonces$/u;
const PRIVATE_FILE_MODE = 0o600;

interface LedgerState {
  readonly format: number;
  readonly bootId: string | undefined;
  readonly isClosed: boolean;
  readonly floorMs?: number;
  readonly slices: Readonly<Record<string, number>>;
}

/** What was found on disk. */
export interface FoundNonces {
  readonly slices: ReadonlyMap<number, readonly NonceRecord[]>;
  /** Whether every nonce that was recorded is among them. */
  readonly isComplete: boolean;
  /** Whether there is a state at all. */
  readonly isMissing: boolean;
  readonly floorMs: number | undefined;
}

export interface NonceFilesOptions {
  readonly folder: string;
  /** Changes when the machine restarts; undefined where that cannot be told. */
  readonly bootId: string | undefined;
}

/** The files of one ledger, written by one process. */
export class NonceFiles {
  readonly #options: NonceFilesOptions;
  readonly #sizes = new Map<number, number>();
  #floorMs: number | undefined;
  #current: { readonly slice: number; readonly file: FileHandle } | undefined;
  #pending: Buffer[] = [];
  #queued: Promise<void> = Promise.resolve();
  #flush: Promise<void> | undefined;

  constructor(options: NonceFilesOptions) {
    this.#options = options;
  }

  /** Reads what an earlier process left. Damage and absence are answers, not errors. */
  async load(): Promise<FoundNonces> {
    const state = await this.#readState();
    const slices = new Map<number, readonly NonceRecord[]>();
    let isComplete = state !== undefined && this.#isTrusted(state);
    for (const slice of await this.#listSlices()) {
      const { records, isWhole } = await this.#loadSlice(slice);
      slices.set(slice, records);
      if (!isWhole) isComplete = false;
    }
    for (const [slice, size] of Object.entries(state?.slices ?? {})) {
      if ((this.#sizes.get(Number(slice)) ?? -1) < size) isComplete = false;
    }
    const isMissing = state === undefined && slices.size === 0;
    return { slices, isComplete, isMissing, floorMs: state?.floorMs };
  }

  /** Starts writing. Rejects where that is not possible. */
  async start(slice: number, oldest: number, floorMs: number | undefined): Promise<void> {
    await mkdir(this.#options.folder, { recursive: true, mode: 0o700 });
    this.#floorMs = floorMs;
    await this.roll(slice, oldest);
  }

  /** Goes on in the file of `slice`, and removes those before `oldest`. */
  roll(slice: number, oldest: number): Promise<void> {
    return this.#enqueue(() => this.#rollNow(slice, oldest));
  }

  async #rollNow(slice: number, oldest: number): Promise<void> {
    await this.#current?.file.close();
    this.#current = undefined;
    const file = await open(this.#path(slice), 'a', PRIVATE_FILE_MODE);
    this.#current = { slice, file };
    this.#sizes.set(slice, (await file.stat()).size);
    for (const each of [...this.#sizes.keys()].filter((each) => each < oldest)) {
      this.#sizes.delete(each);
      await rm(this.#path(each), { force: true });
    }
    await this.#writeState(false);
  }

  /** Resolves when the bytes are with the operating system. Waiting appends go in one write. */
  append(record: Buffer): Promise<void> {
    this.#pending.push(record);
    this.#flush ??= this.#enqueue(() => this.#writePending());
    return this.#flush;
  }

  /** Makes the next start doubt the ledger: called when it can no longer be written. */
  async abandon(): Promise<void> {
    await rm(join(this.#options.folder, STATE_FILE), { force: true }).catch(() => undefined);
    await this.#current?.file.close().catch(() => undefined);
    this.#current = undefined;
  }

  /** Syncs, and says so in the state: the ledger is then trusted after a restart of the machine too. */
  close(): Promise<void> {
    return this.#enqueue(() => this.#closeNow());
  }

  async #closeNow(): Promise<void> {
    if (this.#current === undefined) return;
    await this.#current.file.sync();
    await this.#current.file.close();
    this.#current = undefined;
    await this.#writeState(true);
  }

  /** A damaged file is written anew, so that later starts trust it again; the floor outlives it. */
  async #loadSlice(slice: number): Promise<DecodedNonces> {
    const path = this.#path(slice);
    const bytes = await readFile(path).catch(() => undefined);
    const found = decodeNonceRecords(bytes ?? Buffer.alloc(1));
    this.#sizes.set(slice, bytes?.length ?? 0);
    if (!found.isWhole) {
      const intact = Buffer.concat(found.records.map(encodeNonceRecord));
      await writeFile(path, intact, { mode: PRIVATE_FILE_MODE }).catch(() => undefined);
    }
    return found;
  }

  async #writePending(): Promise<void> {
    this.#flush = undefined;
    if (this.#current === undefined) throw new Error('the nonce ledger is not open');
    const { slice, file } = this.#current;
    const bytes = Buffer.concat(this.#pending.splice(0));
    await file.appendFile(bytes);
    this.#sizes.set(slice, (this.#sizes.get(slice) ?? 0) + bytes.length);
  }

  /** One at a time, in the order asked; a failed one does not stop the next. */
  #enqueue(work: () => Promise<void>): Promise<void> {
    const done = this.#queued.then(work);
    this.#queued = done.catch(() => undefined);
    return done;
  }

  #isTrusted(state: LedgerState): boolean {
    const isSameBoot = state.bootId !== undefined && state.bootId === this.#options.bootId;
    return state.format === FORMAT && (state.isClosed || isSameBoot);
  }

  async #readState(): Promise<LedgerState | undefined> {
    try {
      return JSON.parse(
        await readFile(join(this.#options.folder, STATE_FILE), 'utf8'),
      ) as LedgerState;
    } catch {
      return undefined;
    }
  }

  async #writeState(isClosed: boolean): Promise<void> {
    const state: LedgerState = {
      format: FORMAT,
      bootId: this.#options.bootId,
      isClosed,
      ...(this.#floorMs === undefined ? {} : { floorMs: this.#floorMs }),
      slices: Object.fromEntries(this.#sizes),
    };
    const path = join(this.#options.folder, STATE_FILE);
    const temporary = `${path}.new`;
    await writeFile(temporary, JSON.stringify(state), { mode: PRIVATE_FILE_MODE, flush: isClosed });
    await rename(temporary, path);
  }

  async #listSlices(): Promise<number[]> {
    const names = await readdir(this.#options.folder).catch(() => []);
    return names.flatMap((name) => {
      const slice = SLICE_FILE.exec(name)?.[1];
      return slice === undefined ? [] : [Number(slice)];
    });
  }

  #path(slice: number): string {
    return join(this.#options.folder, `${slice}.nonces`);
  }
}
