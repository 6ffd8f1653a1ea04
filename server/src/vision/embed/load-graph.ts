import type { ModelPack } from '../pack/load-pack.ts';
import type { Graph } from './graph.ts';
import { OnnxGraph } from './onnx-graph.ts';
import { TensorflowGraph } from './tensorflow-graph.ts';

/** The graph in a file of a pack, on the runtime that the pack names. */
export function loadGraph(pack: ModelPack, file: string): Promise<Graph> {
  return pack.manifest.runtime === 'tensorflow'
    ? TensorflowGraph.load(pack, file)
    : OnnxGraph.load(pack.file(file));
}
