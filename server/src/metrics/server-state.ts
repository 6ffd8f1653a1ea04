/** What a scrape looks at: figures that are, not events that happen. */

/** A bounded queue: work beyond its bound is refused. */
export interface QueueState {
  readonly name: string;
  /** What waits, or is held, now. */
  readonly length: number;
  /** Refused since the start. */
  readonly refused: number;
}

export interface CollectionFigures {
  readonly facade: 'instance' | 'library';
  readonly name: string;
  readonly images: number;
  readonly storedBytes: number;
  readonly unembedded: number;
}

export interface ServerState {
  readonly collections: readonly CollectionFigures[];
  readonly queues: readonly QueueState[];
  /** Searches of indexes since the start, by how they were made, and the rows compared. */
  readonly searches: Readonly<
    Record<string, { readonly searches: number; readonly rowsScanned: number }>
  >;
  readonly workers: { readonly ready: number; readonly busy: number; readonly restarts: number };
  /** How many damages of each kind were found since the start. */
  readonly damage: Readonly<Record<string, number>>;
  /** Pictures that were uploaded, and wait to be used or to go. */
  readonly uploads: { readonly objects: number; readonly bytes: number };
  /** Whether writes are accepted. */
  readonly isWritable: boolean;
  /** Bytes that may still be written to the data folder's disk; undefined where the system does not tell. */
  readonly freeBytes: number | undefined;
}
