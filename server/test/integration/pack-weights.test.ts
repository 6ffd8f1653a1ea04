import { describe, expect, test } from '@jest/globals';
import { loadPack } from '../../src/vision/pack/load-pack.ts';
import { EMBEDDED_PACK } from '../support/model-packs.ts';
import {
  readOnnxFile,
  type OnnxFile,
  type OnnxNode,
  type OnnxTensor,
} from '../support/onnx-file.ts';

const INT8 = 3;
/** Weights of 7 bits: two products with 8-bit activations then add up within 16 bits, as processors without VNNI add them. */
const MAX_WEIGHT = 64;
/** Would quantise while it runs, with weights of all 8 bits; it also takes ten times as long. */
const DYNAMIC = 'DynamicQuantizeLinear';

/** Operators that multiply integers themselves. */
const INTEGER_OPERATOR = /^(QLinear|QGemm|MatMulInteger|ConvInteger)/;

function isWeight(tensor: OnnxTensor | undefined): tensor is OnnxTensor {
  return tensor?.type === INT8 && tensor.dims.length > 1;
}

/** Int8 weights that are multiplied as integers. Those that become floats before they are multiplied cannot overflow. */
function integerWeights({ nodes, tensors }: OnnxFile): readonly OnnxTensor[] {
  const makers = new Map(
    nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)),
  );
  const stored = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const dequantised = (name: string): string | undefined => {
    const maker = makers.get(name);
    return maker?.operator === 'DequantizeLinear' ? maker.inputs[0] : undefined;
  };
  const weightsOf = ({ operator, inputs }: OnnxNode): readonly (OnnxTensor | undefined)[] => {
    if (INTEGER_OPERATOR.test(operator)) return inputs.map((name) => stored.get(name));
    const sources = inputs.map(dequantised);
    const isInteger = sources.some((source) => source !== undefined && !stored.has(source));
    return isInteger ? sources.map((source) => stored.get(source ?? '')) : [];
  };
  return nodes.flatMap(weightsOf).filter(isWeight);
}

describe('the graphs of the embedded pack', () => {
  test('are right on processors without VNNI: int8 weights have 7 bits', async () => {
    const pack = await loadPack(EMBEDDED_PACK);
    const names = Object.keys(pack.manifest.files).filter((name) => name.endsWith('.onnx'));
    for (const name of names) {
      const file = readOnnxFile(pack.file(name));
      const operators = file.nodes.map(({ operator }) => operator);
      expect([name, operators.length > 0, operators.includes(DYNAMIC)]).toEqual([
        name,
        true,
        false,
      ]);
      const weights = integerWeights(file);
      for (const { name: tensor, dims, raw } of weights) {
        const count = dims.reduce((product, dim) => product * dim, 1);
        const largest = new Int8Array(raw).reduce(
          (most, value) => Math.max(most, Math.abs(value)),
          0,
        );
        expect([name, tensor, raw.length, largest <= MAX_WEIGHT]).toEqual([
          name,
          tensor,
          count,
          true,
        ]);
      }
      const quantised = operators.filter((operator) => operator === 'QuantizeLinear').length;
      expect([name, quantised > 0, weights.length > 0]).toEqual([
        name,
        quantised > 0,
        quantised > 0,
      ]);
    }
  });
});
