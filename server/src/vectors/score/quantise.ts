/**
 * Vectors as integers.
 *
 * A component becomes w = 256 · coarse + residual, both int8. The scale is chosen per vector so that
 * the largest |w| is 32,639, the largest that splits so. A query keeps w as int16. The dot product of
 * two such vectors is an exact integer, 256 · dot(coarse, q) + dot(residual, q), and the cosine is
 * that integer over both lengths: see {@link cosineOf}.
 */
const MAX_INTEGER = 32_639;

/** Covers the rounding of the two float32 values that a bound is made of. */
const ROUNDING_ALLOWANCE = 1 + 1e-6;

export interface RowScale {
  /** 1 / |w|; 0 for a zero vector. */
  readonly inverseNorm: number;
  /** |residual| / |w|: how far the coarse cosine may be from the true one. */
  readonly slack: number;
}

export interface QuantisedQuery {
  readonly values: Int16Array;
  readonly inverseNorm: number;
}

/**
 * Writes a vector's two planes; bytes after its components are left alone.
 *
 * @throws RangeError if a component is not finite.
 */
export function quantise(vector: Float32Array, coarse: Int8Array, residual: Int8Array): RowScale {
  const scale = scaleOf(vector);
  let squares = 0;
  let residualSquares = 0;
  for (let i = 0; i < vector.length; i += 1) {
    const integer = Math.round((vector[i] ?? 0) * scale);
    const high = (integer + 128) >> 8;
    const low = integer - high * 256;
    coarse[i] = high;
    residual[i] = low;
    squares += integer * integer;
    residualSquares += low * low;
  }
  const inverseNorm = inverseRoot(squares);
  const slack = Math.fround(Math.sqrt(residualSquares) * inverseNorm * ROUNDING_ALLOWANCE);
  return { inverseNorm, slack };
}

/**
 * A query, padded with zeros to `stride` components.
 *
 * @throws RangeError if a component is not finite.
 */
export function quantiseQuery(vector: Float32Array, stride: number): QuantisedQuery {
  const scale = scaleOf(vector);
  const values = new Int16Array(stride);
  let squares = 0;
  for (let i = 0; i < vector.length; i += 1) {
    const integer = Math.round((vector[i] ?? 0) * scale);
    values[i] = integer;
    squares += integer * integer;
  }
  return { values, inverseNorm: inverseRoot(squares) };
}

/** The cosine of a row and a query from their exact integer product. The only definition of it. */
export function cosineOf(
  product: number,
  rowInverseNorm: number,
  queryInverseNorm: number,
): number {
  const cosine = product * rowInverseNorm * queryInverseNorm;
  return cosine > 1 ? 1 : cosine < -1 ? -1 : cosine;
}

function scaleOf(vector: Float32Array): number {
  let largest = 0;
  let sum = 0;
  for (let i = 0; i < vector.length; i += 1) {
    const size = Math.abs(vector[i] ?? 0);
    if (size > largest) largest = size;
    sum += size;
  }
  if (!Number.isFinite(sum)) throw new RangeError('"vector" must have finite components');
  return largest === 0 ? 0 : MAX_INTEGER / largest;
}

function inverseRoot(squares: number): number {
  return squares === 0 ? 0 : Math.fround(1 / Math.sqrt(squares));
}
