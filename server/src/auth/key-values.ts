/*
 * Access keys in the store, names and JSON texts:
 *
 *     keys/key/ID   a key: settings, times, and its secret sealed with them (secret-box.ts)
 *     keys/set      how many keys there are, their digest, and which master key sealed them
 *     keys/used     when each was last used, by id: apart, because it is written often
 *
 * One step writes what changes of the first two, so that a key that is missing or of an earlier time shows.
 */
import { createHash } from 'node:crypto';

/** Where keys are kept: small named texts, of which several change in one synced step, wholly or not at all. */
export interface KeyValues {
  readValues(range: { readonly from: string; readonly to: string }): Promise<{
    readonly values: readonly { readonly name: string; readonly text: string }[];
    /** Names of those that are not what was written. */
    readonly damaged: readonly string[];
  }>;
  writeValues(changes: readonly KeyValueChange[]): Promise<void>;
}

export type KeyValueChange =
  | { readonly kind: 'put'; readonly name: string; readonly text: string }
  | { readonly kind: 'remove'; readonly name: string };

/** What the names of stored keys begin with; the id follows. */
export const STORED_KEY_PREFIX = 'keys/key/';
/** The name of what is told of all keys together. */
export const KEY_SET_NAME = 'keys/set';

const RANGE = { from: 'keys/', to: 'keys0' };
const USED = 'keys/used';

/** What is told of all keys together. */
export interface KeySet {
  readonly count: number;
  readonly digest: string;
  /** Fingerprint of the master key. */
  readonly masterKey: string;
}

/** What was found. */
export interface LoadedKeys {
  /** Texts of keys by id. */
  readonly keys: ReadonlyMap<string, string>;
  readonly set: KeySet | undefined;
  readonly used: ReadonlyMap<string, number>;
  /** Ids of keys that cannot be read. */
  readonly damaged: readonly string[];
  /** Whether the keys are all, and those, that were written together. */
  readonly isWhole: boolean;
}

export async function loadKeys(store: KeyValues): Promise<LoadedKeys> {
  const { values, damaged } = await store.readValues(RANGE);
  const texts = new Map(values.map(({ name, text }) => [name, text]));
  const keys = new Map(
    values.flatMap(({ name, text }) =>
      name.startsWith(STORED_KEY_PREFIX)
        ? [[name.slice(STORED_KEY_PREFIX.length), text] as const]
        : [],
    ),
  );
  const set = parseJson(texts.get(KEY_SET_NAME)) as KeySet | undefined;
  const used = (parseJson(texts.get(USED)) ?? {}) as Readonly<Record<string, number>>;
  const isNew = set === undefined && keys.size === 0 && damaged.length === 0;
  return {
    keys,
    set,
    used: new Map(Object.entries(used)),
    damaged: damaged.flatMap((name) =>
      name.startsWith(STORED_KEY_PREFIX) ? [name.slice(STORED_KEY_PREFIX.length)] : [],
    ),
    isWhole: isNew || (set?.count === keys.size && set.digest === digestOf(keys)),
  };
}

/** What leads from the keys that are stored to those that are to be. */
export function changeKeys(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  masterKey: string,
): readonly KeyValueChange[] {
  const set: KeySet = { count: after.size, digest: digestOf(after), masterKey };
  const gone = [...before.keys()].filter((id) => !after.has(id));
  const changed = [...after].filter(([id, text]) => before.get(id) !== text);
  return [
    ...gone.map((id) => ({ kind: 'remove', name: `${STORED_KEY_PREFIX}${id}` }) as const),
    ...changed.map(
      ([id, text]) => ({ kind: 'put', name: `${STORED_KEY_PREFIX}${id}`, text }) as const,
    ),
    { kind: 'put', name: KEY_SET_NAME, text: JSON.stringify(set) },
  ];
}

/** What writes down when keys were last used. */
export function changeUsed(used: ReadonlyMap<string, number>): KeyValueChange {
  return { kind: 'put', name: USED, text: JSON.stringify(Object.fromEntries(used)) };
}

/** Removes everything that is about keys. */
export async function discardKeys(store: KeyValues): Promise<void> {
  const { values, damaged } = await store.readValues(RANGE);
  const names = [...values.map(({ name }) => name), ...damaged];
  await store.writeValues(names.map((name) => ({ kind: 'remove', name })));
}

function digestOf(keys: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  const sorted = [...keys].toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const entry of sorted) hash.update(`${JSON.stringify(entry)}\n`);
  return hash.digest('hex');
}

function parseJson(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}
