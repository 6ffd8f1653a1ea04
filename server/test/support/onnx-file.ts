/** What a test reads of an ONNX file, by walking its protocol buffers: no runtime tells the stored weights. */
export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  /** `TensorProto.DataType`: 2 is uint8, 3 is int8. */
  readonly type: number;
  readonly raw: Uint8Array;
}

export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export interface OnnxFile {
  readonly nodes: readonly OnnxNode[];
  readonly tensors: readonly OnnxTensor[];
}

/** Field numbers of onnx.proto. */
const GRAPH = 7;
const [NODE, INITIALIZER] = [1, 5];
const [INPUT, OUTPUT, OPERATOR] = [1, 2, 4];
const [DIMS, TYPE, NAME, RAW] = [1, 2, 8, 9];
/** Bytes of the wire types that have no length of their own: fixed64, fixed32. */
const FIXED_BYTES: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

type Field = readonly [number: number, value: number | Uint8Array];

export function readOnnxFile(bytes: Uint8Array): OnnxFile {
  const graph = fieldsOf(messageOf(fieldsOf(bytes), GRAPH));
  return {
    nodes: messagesOf(graph, NODE).map(readNode),
    tensors: messagesOf(graph, INITIALIZER).map(readTensor),
  };
}

function readNode(bytes: Uint8Array): OnnxNode {
  const fields = fieldsOf(bytes);
  const texts = (wanted: number): readonly string[] =>
    messagesOf(fields, wanted).map((text) => Buffer.from(text).toString('utf8'));
  return { operator: texts(OPERATOR)[0] ?? '', inputs: texts(INPUT), outputs: texts(OUTPUT) };
}

function readTensor(bytes: Uint8Array): OnnxTensor {
  const fields = fieldsOf(bytes);
  const dims = fields.flatMap(([number, value]) => {
    if (number !== DIMS) return [];
    return typeof value === 'number' ? [value] : readPacked(value);
  });
  const type = fields.find(([number]) => number === TYPE)?.[1];
  return { name: textOf(fields, NAME), dims, type: Number(type), raw: messageOf(fields, RAW) };
}

function messagesOf(fields: readonly Field[], wanted: number): readonly Uint8Array[] {
  return fields.flatMap(([number, value]) =>
    number === wanted && typeof value !== 'number' ? [value] : [],
  );
}

function messageOf(fields: readonly Field[], wanted: number): Uint8Array {
  return messagesOf(fields, wanted)[0] ?? new Uint8Array();
}

function textOf(fields: readonly Field[], wanted: number): string {
  return Buffer.from(messageOf(fields, wanted)).toString('utf8');
}

function fieldsOf(bytes: Uint8Array): readonly Field[] {
  const fields: Field[] = [];
  for (let at = 0; at < bytes.length;) {
    const [tag, afterTag] = readNumber(bytes, at);
    const [number, wireType] = [Math.floor(tag / 8), tag % 8];
    if (wireType === 0) {
      const [value, next] = readNumber(bytes, afterTag);
      fields.push([number, value]);
      at = next;
    } else {
      const fixed = FIXED_BYTES[wireType];
      const [length, start] = fixed === undefined ? readNumber(bytes, afterTag) : [fixed, afterTag];
      fields.push([number, bytes.subarray(start, start + length)]);
      at = start + length;
    }
  }
  return fields;
}

function readPacked(bytes: Uint8Array): readonly number[] {
  const values: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const [value, next] = readNumber(bytes, at);
    values.push(value);
    at = next;
  }
  return values;
}

/** A varint, and where what follows begins. */
function readNumber(bytes: Uint8Array, start: number): readonly [value: number, next: number] {
  let [value, at, factor] = [0, start, 1];
  for (;;) {
    const byte = bytes[at] ?? 0;
    value += (byte % 128) * factor;
    factor *= 128;
    at += 1;
    if (byte < 128) return [value, at];
  }
}
