import { InferenceSession, Tensor } from 'onnxruntime-node';

import type { Graph, GraphTensor } from './graph.ts';

type Feeds = InferenceSession.FeedsType;

/** One ONNX graph, on one thread. */
export class OnnxGraph implements Graph {
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

  async run(
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
