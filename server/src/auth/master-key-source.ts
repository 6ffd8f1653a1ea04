import { dirname } from 'node:path';

import { replaceFile, type Disk } from '../disk/disk.ts';
import type { RandomBytes } from './key-pair.ts';
import { formatMasterKey, MASTER_KEY_BYTES, parseMasterKey, type MasterKey } from './secret-box.ts';

/** Where the master key comes from. */
export interface MasterKeySource {
  /** Where it is, in words. */
  readonly place: string;
  /** Those that may be in use: none yet, one, or two where a rotation was interrupted. */
  load(): Promise<readonly MasterKey[]>;
  /** Makes the first. */
  create(): Promise<MasterKey>;
  /** Before anything is sealed by `next`: makes sure that it is not lost. */
  prepare(next: MasterKey): Promise<void>;
  /** Everything is sealed by `used`: forgets others. */
  settle(used: MasterKey): Promise<void>;
}

/** No master key at hand opens the stored keys. */
export class MasterKeyError extends Error {
  override readonly name = 'MasterKeyError';
  readonly code = 'MasterKey';
}

/** The file of the master key: beside the data folder, so that a copy of the folder alone opens no secret. */
export function masterKeyFile(dataDir: string): string {
  return `${dataDir}.master-key`;
}

export function createMasterKey(randomBytes: RandomBytes): MasterKey {
  return randomBytes(MASTER_KEY_BYTES);
}

/** The one at hand, or one that is made. */
export async function firstMasterKey(source: MasterKeySource): Promise<MasterKey> {
  const [masterKey] = await source.load();
  return masterKey ?? source.create();
}

type Warn = (message: string) => void;

/** Permissions of anybody but the owner. */
const OTHERS = 0o077;

/** A master key in a file for its owner alone. While it is changed, the next one lies beside it. */
export class FileMasterKey implements MasterKeySource {
  readonly place: string;
  readonly #disk: Disk;
  readonly #randomBytes: RandomBytes;
  readonly #warn: Warn;
  #isWarned = false;

  /** @param warn told once what an operator should put right */
  constructor(
    path: string,
    disk: Disk,
    { randomBytes, warn }: { readonly randomBytes: RandomBytes; readonly warn: Warn },
  ) {
    this.place = path;
    this.#disk = disk;
    this.#randomBytes = randomBytes;
    this.#warn = warn;
  }

  async load(): Promise<readonly MasterKey[]> {
    await this.#checkMode();
    const found: MasterKey[] = [];
    for (const path of [this.place, this.#next]) {
      const bytes = await this.#disk.read(path);
      if (bytes === undefined) continue;
      const masterKey = parseMasterKey(Buffer.from(bytes).toString().trim());
      // The next one is written whole or was not yet used.
      if (masterKey !== undefined) found.push(masterKey);
      else if (path === this.place) {
        throw new MasterKeyError(`${path} is damaged: restore it, it opens the access keys`);
      }
    }
    return found;
  }

  async create(): Promise<MasterKey> {
    const masterKey = createMasterKey(this.#randomBytes);
    await this.#write(this.place, masterKey).catch((cause: unknown) => {
      const reason = (cause as Error).message;
      const advice = 'let its folder be written, or set LIKENESS_MASTER_KEY';
      throw new MasterKeyError(`no master key can be kept (${reason}): ${advice}`, { cause });
    });
    return masterKey;
  }

  prepare(next: MasterKey): Promise<void> {
    return this.#write(this.#next, next);
  }

  async settle(used: MasterKey): Promise<void> {
    const [current, next] = await Promise.all(
      [this.place, this.#next].map((path) => this.#disk.read(path)),
    );
    if (next === undefined) return;
    const isCurrent = current !== undefined && isText(current, used);
    if (isCurrent) await this.#disk.remove(this.#next);
    else await this.#disk.rename(this.#next, this.place);
    await this.#disk.syncFolder(dirname(this.place));
  }

  get #next(): string {
    return `${this.place}.next`;
  }

  /** Not refused: what mounts a volume may set the mode, and a server that stands still protects nothing. */
  async #checkMode(): Promise<void> {
    const mode = (await this.#disk.mode(this.place)) ?? 0;
    if ((mode & OTHERS) === 0 || this.#isWarned) return;
    this.#isWarned = true;
    const told = mode.toString(8).padStart(3, '0');
    this.#warn(
      `others than its owner may read the master key, which opens every secret: chmod 600 ${this.place} (it is ${told})`,
    );
  }

  #write(path: string, masterKey: MasterKey): Promise<void> {
    const text = Buffer.from(`${formatMasterKey(masterKey)}\n`);
    return replaceFile(this.#disk, { path }, text);
  }
}

/** A master key that the operator keeps and gives at every start. */
export class GivenMasterKey implements MasterKeySource {
  readonly place = 'LIKENESS_MASTER_KEY';
  readonly #given: MasterKey;
  readonly #show: (next: MasterKey) => Promise<void>;

  /** @param show tells the operator another one, before it is used: nobody else keeps it */
  constructor(given: MasterKey, show: (next: MasterKey) => Promise<void>) {
    this.#given = given;
    this.#show = show;
  }

  async load(): Promise<readonly MasterKey[]> {
    return [this.#given];
  }

  async create(): Promise<MasterKey> {
    return this.#given;
  }

  prepare(next: MasterKey): Promise<void> {
    return this.#show(next);
  }

  async settle(): Promise<void> {
    // The operator does.
  }
}

function isText(file: Uint8Array, masterKey: MasterKey): boolean {
  return parseMasterKey(Buffer.from(file).toString().trim())?.equals(masterKey) ?? false;
}
