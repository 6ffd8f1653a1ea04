/** What goes into a graph or comes out of it. */
export interface GraphTensor {
  readonly type: 'uint8' | 'float32' | 'int64';
  readonly data: Uint8Array | Float32Array | BigInt64Array;
  readonly dims: readonly number[];
}

/** A graph of a model pack, loaded by the runtime that the pack names. */
export interface Graph {
  /** Runs the graph and gives the named float outputs. Rejects when one is missing or no float32. */
  run(
    inputs: Readonly<Record<string, GraphTensor>>,
    outputs: readonly string[],
  ): Promise<readonly Float32Array[]>;
  close(): Promise<void>;
}
