/** Two ONNX graphs that do the same at two precisions: the product of a matrix with weights, as most of a network is. */

const [ROWS, INNER, COLUMNS] = [512, 256, 256];
/** Of onnx.proto's `TensorProto.DataType`. */
const TYPES = { float32: 1, uint8: 2, int8: 3, int32: 6 } as const;

export interface PrecisionGraph {
  readonly model: Uint8Array;
  /** Of the input `x`. */
  readonly type: 'float32' | 'uint8';
  readonly dims: readonly number[];
}

/** Weights of 32 bits. */
export function floatGraph(): PrecisionGraph {
  const weights = Float32Array.from({ length: INNER * COLUMNS }, (_, i) => weightOf(i) / 64);
  return graphOf('MatMul', 'float32', { type: 'float32', values: weights, result: 'float32' });
}

/** Weights of 8 bits, of which 7 are used, as docs/model-packs.md wants them. */
export function integerGraph(): PrecisionGraph {
  const weights = Int8Array.from({ length: INNER * COLUMNS }, (_, i) => weightOf(i));
  return graphOf('MatMulInteger', 'uint8', { type: 'int8', values: weights, result: 'int32' });
}

interface Weights {
  readonly type: 'float32' | 'int8';
  readonly values: Float32Array | Int8Array;
  readonly result: 'float32' | 'int32';
}

function weightOf(i: number): number {
  return ((i * 37) % 127) - 63;
}

/** Field numbers are onnx.proto's. */
function graphOf(
  operator: string,
  type: 'float32' | 'uint8',
  { type: weightType, values, result }: Weights,
): PrecisionGraph {
  const raw = new Uint8Array(values.buffer);
  const node = [
    bytes(1, text('x')),
    bytes(1, text('w')),
    bytes(2, text('y')),
    bytes(4, text(operator)),
  ];
  const weights = [
    ...[INNER, COLUMNS].map((size) => integer(1, size)),
    integer(2, TYPES[weightType]),
    bytes(8, text('w')),
    bytes(9, raw),
  ];
  const graph = [
    bytes(1, join(node)),
    bytes(2, text('precision')),
    bytes(5, join(weights)),
    bytes(11, valueOf('x', TYPES[type], [ROWS, INNER])),
    bytes(12, valueOf('y', TYPES[result], [ROWS, COLUMNS])),
  ];
  const model = [integer(1, 8), bytes(7, join(graph)), bytes(8, integer(2, 13))];
  return { model: join(model), type, dims: [ROWS, INNER] };
}

function valueOf(name: string, type: number, sizes: readonly number[]): Uint8Array {
  const shape = join(sizes.map((size) => bytes(1, integer(1, size))));
  const tensor = join([integer(1, type), bytes(2, shape)]);
  return join([bytes(1, text(name)), bytes(2, bytes(1, tensor))]);
}

/** A field of protocol buffers that holds a whole number. */
function integer(field: number, value: number): Uint8Array {
  return join([varint(field * 8), varint(value)]);
}

/** One that holds bytes, a text or a message. */
function bytes(field: number, value: Uint8Array): Uint8Array {
  return join([varint(field * 8 + 2), varint(value.length), value]);
}

function varint(value: number): Uint8Array {
  const digits: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...digits, rest]);
    digits.push((rest % 128) + 128);
  }
}

function text(value: string): Uint8Array {
  return Buffer.from(value);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}
