/** A small value beside the records. */
export interface StoredValue {
  readonly name: string;
  readonly text: string;
}

export type ValueChange =
  | ({ readonly kind: 'put' } & StoredValue)
  | { readonly kind: 'remove'; readonly name: string };

/** Names from `from` on, up to but without `to`, in the order of their UTF-8 bytes. */
export interface NameRange {
  readonly from: string;
  readonly to: string;
}

/**
 * Small named values that belong to the server and not to a collection: usage counters, access keys.
 *
 * Each owner has a prefix of its own (`usage/`, `key/`), so that one range is all that is his. A value
 * is sealed as records are: one that is not what was written is left out, and named in `damaged`.
 */
export interface ValueStore {
  readValues(range: NameRange): Promise<{
    /** In the order of their names. */
    readonly values: readonly StoredValue[];
    /** Names of those whose seal does not hold. */
    readonly damaged: readonly string[];
  }>;
  /** Applies all changes in one synced step, wholly or not at all. Throws as `RecordStore.write`. */
  writeValues(changes: readonly ValueChange[]): Promise<void>;
}

/** Every name that begins with `prefix`. */
export function namesUnder(prefix: string): NameRange {
  return { from: prefix, to: `${prefix}\u{10FFFF}` };
}
