import type { ImageKey } from './image-key.ts';

/**
 * What is damaged: an image record, a collection's settings or set of records, a small value, a log or
 * another file of the record store, an object, a snapshot, the data folder's format, or who the server is: its root
 * key and its certificates.
 */
export type DamageKind =
  | 'record'
  | 'collection'
  | 'value'
  | 'log'
  | 'store'
  | 'object'
  | 'snapshot'
  | 'format'
  | 'identity';

/** Something stored is not what was written. Each is named, none is served. */
export interface Damage {
  readonly kind: DamageKind;
  /** What is damaged, short and the same whenever it is found: `log 000005.log`. */
  readonly name: string;
  /** What is damaged and how it shows, in a sentence. */
  readonly detail: string;
  readonly collectionId?: string;
  /** Of a record, where its key can be read. */
  readonly key?: ImageKey;
  /** Of an object: its SHA-256. */
  readonly objectHash?: string;
  /** Where the file was copied to, as it was found. */
  readonly copiedTo?: string;
  /** Nothing is lost by it: it was derived, or has been put right. It tells of a disk that needs looking at. */
  readonly isMended?: true;
}
