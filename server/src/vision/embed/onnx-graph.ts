import { InferenceSession, Tensor } from 'onnxruntime-node';

type Feeds = InferenceSession.FeedsType;

/** What goes into a graph or comes out of it. */
export interface GraphTensor {
  readonly type: 'uint8' | 'float32' | 'int64';
  readonly data: Uint8Array | Float32Array | BigInt64Array;
  readonly dims: readonly number[];
}

/** One ONNX graph, on one thread. */
export class OnnxGraph {
  readonly #session: InferenceSession;

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  static async load(model: Uint8Array): Promise<OnnxGraph> {
    const session = await InferenceSession.create(model, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      logSeverityLevel: 3,
    });
    return new OnnxGraph(session);
  }

  /** {@link runWith} for a graph of one input. */
  async run(
    input: string,
    tensor: GraphTensor,
    outputs: readonly string[],
  ): Promise<readonly Float32Array[]> {
    return this.runWith({ [input]: tensor }, outputs);
  }

  /** Runs the graph and gives the named float outputs. Rejects when one is missing or no float32. */
  async runWith(
    inputs: Readonly<Record<string, GraphTensor>>,
    outputs: readonly string[],
  ): Promise<readonly Float32Array[]> {
    const feeds = Object.entries(inputs).map(([name, { type, data, dims }]) => [
      name,
      new Tensor(type, data, dims),
    ]);
    const results = await this.#session.run(Object.fromEntries(feeds) as Feeds, [...outputs]);
    return outputs.map((name) => {
      const result = results[name];
      if (result?.type !== 'float32') throw new Error(`output "${name}" is not float32`);
      return Float32Array.from(result.data as Float32Array);
    });
  }

  async close(): Promise<void> {
    await this.#session.release();
  }
}
