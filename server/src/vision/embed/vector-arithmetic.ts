/** The vector at unit length; an all-zero one becomes the first axis, so that a cosine always exists. */
export function toUnit(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const value of vector) sum += value * value;
  if (!Number.isFinite(sum)) throw new Error('a vector is not finite');
  const length = Math.sqrt(sum);
  if (length > 0) return vector.map((value) => value / length);
  const axis = new Float32Array(vector.length);
  axis[0] = 1;
  return axis;
}

/** Vectors end to end, each at unit length times its weight, the whole at unit length. */
export function weighedConcatenation(
  vectors: readonly Float32Array[],
  weights: readonly number[],
): Float32Array {
  const all = new Float32Array(vectors.reduce((total, vector) => total + vector.length, 0));
  let at = 0;
  for (const [i, vector] of vectors.entries()) {
    const weight = weights[i] ?? 1;
    all.set(
      toUnit(vector).map((value) => value * weight),
      at,
    );
    at += vector.length;
  }
  return toUnit(all);
}

/** The unit vector between two, `share` of the way from `from` to `to`. */
export function blend(from: Float32Array, to: Float32Array, share: number): Float32Array {
  return toUnit(from.map((value, i) => value * (1 - share) + (to[i] ?? 0) * share));
}
