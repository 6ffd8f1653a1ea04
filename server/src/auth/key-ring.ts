import { ApiError } from '@likeness/shared/errors';
import { LIMITS } from '@likeness/shared/api';

import { statusOf, type AccessKey, type AccessKeySettings } from './access-key.ts';
import type { Credential, CredentialStore } from './credentials.ts';
import { createKeyPair, type RandomBytes } from './key-pair.ts';
import {
  changeKeys,
  changeUsed,
  KEY_SET_NAME,
  loadKeys,
  STORED_KEY_PREFIX,
  type KeyValues,
  type LoadedKeys,
} from './key-values.ts';
import {
  createMasterKey,
  firstMasterKey,
  MasterKeyError,
  type MasterKeySource,
} from './master-key-source.ts';
import { ROOT_RIGHTS } from './rights.ts';
import { createUnknownKey, type RootKey, type RootKeySource } from './root-key.ts';
import { fingerprintOf, type MasterKey } from './secret-box.ts';
import { formatStoredKey, parseStoredKey, type HeldKey } from './stored-key.ts';

export interface KeyRingOptions {
  readonly root: RootKeySource;
  readonly values: KeyValues;
  /** Stands before every write, as before those of the catalog. */
  readonly write: (task: () => Promise<void>, kind: 'store' | 'remove') => Promise<void>;
  readonly masterKeys: MasterKeySource;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly randomBytes: RandomBytes;
  /** Told of what is stored and is not what was written: its name in the store, and how it shows in a sentence. */
  readonly onDamage: (damage: { readonly name: string; readonly detail: string }) => void;
  /** Told of a failure that no caller waits for. */
  readonly onError: (error: unknown) => void;
  /** How long uses are gathered before they are written down. */
  readonly usedRestMs?: number;
  readonly maxKeys?: number;
}

interface SaveOptions {
  readonly before?: ReadonlyMap<string, string>;
  readonly masterKey?: MasterKey | undefined;
  readonly kind?: 'store' | 'remove';
}

/** After a crash the time of last use is this old at most. */
const USED_REST_MS = 60_000;

/** Access keys, the root key among them: found for who signs, administered by the operator. */
export class KeyRing implements CredentialStore {
  readonly #options: KeyRingOptions;
  /** Nobody's until the ring is open. */
  #root = createUnknownKey();
  readonly #keys = new Map<string, HeldKey>();
  /** As they are stored, by id. */
  #texts: ReadonlyMap<string, string> = new Map();
  #used: Map<string, number> = new Map();
  #unreadable: ReadonlySet<string> = new Set();
  #masterKey: MasterKey | undefined;
  /** Whether a write failed: what is stored is then not known. */
  #isDoubtful = false;
  #changes: Promise<unknown> = Promise.resolve();
  #usedTimer: NodeJS.Timeout | undefined;

  private constructor(options: KeyRingOptions) {
    this.#options = options;
  }

  /**
   * Reads the keys, and ends a change of the master key that was interrupted.
   *
   * @throws {MasterKeyError} where there are keys and none of the master keys at hand opens them
   */
  static async open(options: KeyRingOptions): Promise<KeyRing> {
    const ring = new KeyRing(options);
    await ring.#load();
    return ring;
  }

  get root(): RootKey {
    return this.#root;
  }

  /** Keys beside the root key. */
  get size(): number {
    return this.#keys.size;
  }

  async find(accessKeyId: string): Promise<Credential | undefined> {
    const { isNew: _isNew, ...root } = this.#root;
    if (accessKeyId === root.accessKeyId) {
      return { ...root, rights: ROOT_RIGHTS, isActive: true, rate: 0 };
    }
    const key = this.#keys.get(accessKeyId);
    if (key === undefined) return undefined;
    const { accessKeySecret, role, scopes, rate } = key;
    const isActive = statusOf(key, this.#options.now()) === 'active';
    return { accessKeyId, accessKeySecret, rights: { role, scopes }, isActive, rate };
  }

  noteUsed(accessKeyId: string): void {
    if (!this.#keys.has(accessKeyId)) return;
    this.#used.set(accessKeyId, this.#options.now());
    this.#usedTimer ??= setTimeout(
      () => void this.#writeUsed(),
      this.#options.usedRestMs ?? USED_REST_MS,
    ).unref();
  }

  /** Oldest first; the root key is not among them. */
  list(): readonly AccessKey[] {
    const keys = [...this.#keys.values()].map((key) => this.#describe(key));
    return keys.toSorted(
      (a, b) => a.createdMs - b.createdMs || (a.accessKeyId < b.accessKeyId ? -1 : 1),
    );
  }

  /** @throws {ApiError} `LimitExceeded.User.AccessKey`; `InsufficientStorage`, `ServiceUnavailable` */
  create(settings: AccessKeySettings): Promise<{
    readonly key: AccessKey;
    readonly accessKeySecret: string;
  }> {
    return this.#change(async () => {
      const maxKeys = this.#options.maxKeys ?? LIMITS.MAX_ACCESS_KEYS;
      if (this.size >= maxKeys) throw new ApiError('LimitExceeded.User.AccessKey');
      this.#masterKey ??= await firstMasterKey(this.#options.masterKeys);
      const pair = createKeyPair(this.#options.randomBytes);
      const key: HeldKey = { ...settings, ...pair, createdMs: this.#options.now() };
      await this.#put(key);
      return { key: this.#describe(key), accessKeySecret: pair.accessKeySecret };
    });
  }

  /** @throws {ApiError} `EntityNotExist.User.AccessKey`; as {@link create} */
  update(accessKeyId: string, changes: Partial<AccessKeySettings>): Promise<AccessKey> {
    return this.#change(async () => {
      const key = { ...this.#held(accessKeyId), ...changes };
      await this.#put(key);
      return this.#describe(key);
    });
  }

  /** @throws {ApiError} `EntityNotExist.User.AccessKey`; as {@link create} */
  remove(accessKeyId: string): Promise<void> {
    return this.#change(async () => {
      const before = new Map(this.#texts);
      // One that cannot be read can be removed all the same.
      if (this.#unreadable.has(accessKeyId)) before.set(accessKeyId, '');
      else this.#held(accessKeyId);
      const after = new Map(before);
      after.delete(accessKeyId);
      await this.#save(after, { before, kind: 'remove' });
      this.#keys.delete(accessKeyId);
      this.#used.delete(accessKeyId);
      this.#unreadable = new Set([...this.#unreadable].filter((id) => id !== accessKeyId));
    });
  }

  /** Seals every secret under another master key: after a crash all of them or none. */
  rotateMasterKey(): Promise<void> {
    const { masterKeys, randomBytes, root } = this.#options;
    return this.#change(async () => {
      if (this.#unreadable.size > 0) {
        throw new MasterKeyError(
          `these access keys cannot be read, delete them first: ${[...this.#unreadable].join(', ')}`,
        );
      }
      const next = createMasterKey(randomBytes);
      await masterKeys.prepare(next);
      const current = this.#masterKey;
      // Under both, until it is known which of them sealed the others.
      if (current !== undefined) await root.seal(this.#root, [current, next]);
      const texts = [...this.#keys].map(([id, key]) => [id, formatStoredKey(key, next)] as const);
      await this.#save(new Map(texts), { masterKey: next });
      await root.seal(this.#root, [next]);
      await masterKeys.settle(next);
    });
  }

  /** Writes down the last uses. */
  async close(): Promise<void> {
    await this.#changes.catch(() => undefined);
    if (this.#usedTimer !== undefined) await this.#writeUsed();
  }

  async #load(): Promise<void> {
    const { values, onDamage, root, masterKeys } = this.#options;
    const loaded = await loadKeys(values);
    this.#used = new Map(loaded.used);
    const used = await this.#openAll(loaded);
    const opened = await root.open(masterKeys, used);
    this.#root = opened.rootKey;
    this.#masterKey = opened.masterKey;
    if (opened.masterKey !== undefined) await masterKeys.settle(opened.masterKey);
    if (!loaded.isWhole) {
      const detail = 'the access keys are not all, or not those, that were written last';
      onDamage({ name: KEY_SET_NAME, detail });
    }
    this.#unreadable = new Set([...this.#unreadable, ...loaded.damaged]);
    for (const id of this.#unreadable) {
      onDamage({
        name: `${STORED_KEY_PREFIX}${id}`,
        detail: `the access key ${id} cannot be read`,
      });
    }
  }

  /** Opens the keys beside the root key. Resolves to the master key that is in use, as far as they tell. */
  async #openAll({ keys, set }: LoadedKeys): Promise<MasterKey | undefined> {
    if (keys.size === 0 && set === undefined) return undefined;
    const { masterKeys } = this.#options;
    const candidates = await masterKeys.load();
    const opens = (candidate: MasterKey): boolean =>
      set === undefined
        ? [...keys].some(([id, text]) => parseStoredKey(id, text, candidate) !== undefined)
        : fingerprintOf(candidate) === set.masterKey;
    const masterKey = candidates.find(opens);
    if (keys.size === 0) return masterKey;
    if (masterKey === undefined) throw wrongMasterKey(masterKeys.place, set?.masterKey);
    for (const [id, text] of keys) {
      const key = parseStoredKey(id, text, masterKey);
      if (key !== undefined) this.#keys.set(id, key);
    }
    this.#texts = new Map([...keys].filter(([id]) => this.#keys.has(id)));
    this.#unreadable = new Set([...keys.keys()].filter((id) => !this.#keys.has(id)));
    return masterKey;
  }

  #held(accessKeyId: string): HeldKey {
    const key = this.#keys.get(accessKeyId);
    if (key === undefined) throw new ApiError('EntityNotExist.User.AccessKey');
    return key;
  }

  #describe({ accessKeySecret: _kept, ...key }: HeldKey): AccessKey {
    const lastUsedMs = this.#used.get(key.accessKeyId);
    return { ...key, lastUsedMs, status: statusOf(key, this.#options.now()) };
  }

  async #put(key: HeldKey): Promise<void> {
    if (this.#masterKey === undefined) throw new Error('a key without a master key');
    const text = formatStoredKey(key, this.#masterKey);
    await this.#save(new Map([...this.#texts, [key.accessKeyId, text]]));
    this.#keys.set(key.accessKeyId, key);
  }

  /** Writes what is to be stored; memory changes only if that succeeded. */
  async #save(
    after: ReadonlyMap<string, string>,
    { before = this.#texts, masterKey = this.#masterKey, kind = 'store' }: SaveOptions = {},
  ): Promise<void> {
    const { values, write } = this.#options;
    const fingerprint = masterKey === undefined ? '' : fingerprintOf(masterKey);
    await write(async () => {
      const stored = this.#isDoubtful ? (await loadKeys(values)).keys : before;
      this.#isDoubtful = true;
      await values.writeValues(changeKeys(stored, after, fingerprint));
      this.#isDoubtful = false;
    }, kind);
    this.#texts = after;
    this.#masterKey = masterKey;
  }

  /** One change after another. */
  #change<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#changes.then(task, task);
    this.#changes = result.catch(() => undefined);
    return result;
  }

  async #writeUsed(): Promise<void> {
    clearTimeout(this.#usedTimer);
    this.#usedTimer = undefined;
    const { values, write, onError } = this.#options;
    await write(() => values.writeValues([changeUsed(this.#used)]), 'store').catch(onError);
  }
}

function wrongMasterKey(place: string, fingerprint = 'unknown'): MasterKeyError {
  return new MasterKeyError(
    `the access keys were sealed by another master key (${fingerprint}) than the one in ${place}: ` +
      'give that one, or remove all access keys by "likeness keys discard"',
  );
}
