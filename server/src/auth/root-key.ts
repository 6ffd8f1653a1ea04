import type { Credentials } from '@likeness/shared/signing';

import { replaceFile, type Disk } from '../disk/disk.ts';
import { createKeyPair } from './key-pair.ts';
import { firstMasterKey, MasterKeyError, type MasterKeySource } from './master-key-source.ts';
import {
  examineRootKey,
  formatRootKey,
  openRootKey,
  parseRootKey,
  type StoredRootKey,
} from './root-key-file.ts';
import type { MasterKey } from './secret-box.ts';

export interface RootKey extends Credentials {
  /** Made just now: to be shown once, and certain never to have signed anything. */
  readonly isNew: boolean;
}

export interface OpenedRootKey {
  readonly rootKey: RootKey;
  /** What seals it; undefined where it is not sealed. */
  readonly masterKey: MasterKey | undefined;
}

/** Where the root key comes from. */
export interface RootKeySource {
  /**
   * Finds the root key, or makes one.
   *
   * @param used the master key that sealed the other keys, if they tell
   * @throws {MasterKeyError} where no master key at hand sealed it
   */
  open(masterKeys: MasterKeySource, used: MasterKey | undefined): Promise<OpenedRootKey>;
  /** Seals it under each of these, and under no other. */
  seal(rootKey: Credentials, masterKeys: readonly MasterKey[]): Promise<void>;
}

/** A root key that the operator keeps and gives at every start. */
export class GivenRootKey implements RootKeySource {
  readonly #given: Credentials;

  constructor(given: Credentials) {
    this.#given = given;
  }

  async open(_masterKeys: unknown, used: MasterKey | undefined): Promise<OpenedRootKey> {
    return { rootKey: { ...this.#given, isNew: false }, masterKey: used };
  }

  async seal(): Promise<void> {
    // It is not stored.
  }
}

/** What an operator hears of. */
export interface RootKeyTelling {
  /** What should be put right. */
  readonly warn: (message: string) => void;
  /** The file is damaged: nobody has the root key until it is restored. Where this is absent, opening it fails. */
  readonly onDamage?: (detail: string) => void;
}

/** A root key that nobody has: what it signs was signed by nobody. */
export function createUnknownKey(): RootKey {
  return { ...createKeyPair(), isNew: false };
}

/** A root key in a file, its secret sealed under the master key. One that an earlier version wrote is sealed when it is opened. */
export class FileRootKey implements RootKeySource {
  readonly path: string;
  readonly #disk: Disk;
  readonly #telling: RootKeyTelling;

  constructor(path: string, disk: Disk, telling: RootKeyTelling) {
    this.path = path;
    this.#disk = disk;
    this.#telling = telling;
  }

  async open(masterKeys: MasterKeySource, used: MasterKey | undefined): Promise<OpenedRootKey> {
    const { onDamage } = this.#telling;
    const damage = onDamage === undefined ? undefined : await this.examine();
    if (damage !== undefined) {
      onDamage?.(damage);
      return { rootKey: createUnknownKey(), masterKey: used };
    }
    const stored = await this.#read();
    if (stored === undefined) return this.#make(masterKeys, used);
    if (stored.kind === 'plain') return this.#sealPlain(stored.key, masterKeys, used);
    const opened = openRootKey(stored, await masterKeys.load());
    if (opened === undefined) throw this.#wrongMasterKey(masterKeys.place, stored.fingerprints);
    const masterKey = used ?? opened.masterKey;
    const isSettled = stored.fingerprints.length === 1 && masterKey.equals(opened.masterKey);
    if (!isSettled) await this.seal(opened.key, [masterKey]);
    return { rootKey: { ...opened.key, isNew: false }, masterKey };
  }

  /** The key, if it can be read with what is at hand; nothing is made or written. */
  async peek(masterKeys: Pick<MasterKeySource, 'load'>): Promise<Credentials | undefined> {
    const stored = await this.#read();
    if (stored === undefined || stored.kind === 'plain') return stored?.key;
    return openRootKey(stored, await masterKeys.load())?.key;
  }

  async seal(key: Credentials, masterKeys: readonly MasterKey[]): Promise<void> {
    const text = Buffer.from(formatRootKey(key, masterKeys));
    await replaceFile(this.#disk, { path: this.path }, text);
  }

  /**
   * Makes another root key and puts it in the place of the stored one, in one step. A server takes it up when it
   * starts.
   *
   * @throws {MasterKeyError} where the master key that sealed the stored one is not at hand
   */
  async replace(masterKeys: MasterKeySource): Promise<Credentials> {
    const candidates = await masterKeys.load();
    // A damaged one is replaced as well.
    const stored = await this.#read().catch(() => undefined);
    if (stored?.kind === 'sealed' && openRootKey(stored, candidates) === undefined) {
      throw this.#wrongMasterKey(masterKeys.place, stored.fingerprints);
    }
    const key = createKeyPair();
    await this.seal(key, candidates.length > 0 ? candidates : [await masterKeys.create()]);
    return key;
  }

  /** Removes one that no master key at hand opens. Whether there was such a one. */
  async discardUnreadable(masterKeys: MasterKeySource): Promise<boolean> {
    const stored = await this.#read();
    if (stored?.kind !== 'sealed') return false;
    if (openRootKey(stored, await masterKeys.load()) !== undefined) return false;
    return this.#disk.remove(this.path);
  }

  /** What is wrong with the file, in a sentence; undefined for a good one, or none. */
  async examine(): Promise<string | undefined> {
    return examineRootKey(await this.#disk.read(this.path), this.path);
  }

  /** @throws {Error} for a damaged file */
  async #read(): Promise<StoredRootKey | undefined> {
    const bytes = await this.#disk.read(this.path);
    return bytes === undefined ? undefined : parseRootKey(bytes, this.path);
  }

  async #make(masterKeys: MasterKeySource, used: MasterKey | undefined): Promise<OpenedRootKey> {
    const masterKey = used ?? (await firstMasterKey(masterKeys));
    const key = createKeyPair();
    await this.seal(key, [masterKey]);
    return { rootKey: { ...key, isNew: true }, masterKey };
  }

  /** Where no master key can be kept the file stays what it is: a shop must not stand still for it. */
  async #sealPlain(
    key: Credentials,
    masterKeys: MasterKeySource,
    used: MasterKey | undefined,
  ): Promise<OpenedRootKey> {
    const rootKey = { ...key, isNew: false };
    try {
      const masterKey = used ?? (await firstMasterKey(masterKeys));
      await this.seal(key, [masterKey]);
      return { rootKey, masterKey };
    } catch (error) {
      this.#telling.warn(
        `${this.path} holds the root key in plain text: ${(error as Error).message}`,
      );
      return { rootKey, masterKey: used };
    }
  }

  #wrongMasterKey(place: string, fingerprints: readonly string[]): MasterKeyError {
    return new MasterKeyError(
      `the root key was sealed by another master key (${fingerprints.join(', ')}) than the one in ${place}: ` +
        `give that one, or remove ${this.path} to have another root key made`,
    );
  }
}
