import { describe, expect, test } from '@jest/globals';
import { array, assert, float, property } from 'fast-check';

import { cosineOf, quantise, quantiseQuery } from './quantise.ts';

const vectors = array(float({ min: -1, max: 1, noNaN: true }), {
  minLength: 7,
  maxLength: 7,
});

function planes(vector: Float32Array): ReturnType<typeof quantise> & {
  readonly coarse: Int8Array;
  readonly residual: Int8Array;
} {
  const coarse = new Int8Array(vector.length);
  const residual = new Int8Array(vector.length);
  return { coarse, residual, ...quantise(vector, coarse, residual) };
}

function dot(a: Int8Array | Int16Array, b: Int16Array): number {
  let sum = 0;
  for (const [i, x] of a.entries()) sum += x * (b[i] ?? 0);
  return sum;
}

describe('quantise', () => {
  test('splits components into 256 · coarse + residual, the largest into 32,639', () => {
    const { coarse, residual } = planes(Float32Array.of(1, -1, 0.5, 0, -0.25));
    expect([...coarse].map((high, i) => high * 256 + (residual[i] ?? 0))).toEqual([
      32_639, -32_639, 16_320, 0, -8_160,
    ]);
  });

  test('gives the cosine of a vector with itself as 1, of a zero vector as 0', () => {
    assert(
      property(vectors, (components) => {
        const vector = Float32Array.from(components);
        const { coarse, residual, inverseNorm } = planes(vector);
        const query = quantiseQuery(vector, 7);
        const product = 256 * dot(coarse, query.values) + dot(residual, query.values);
        const isZero = vector.every((component) => component === 0);
        expect(cosineOf(product, inverseNorm, query.inverseNorm)).toBeCloseTo(isZero ? 0 : 1, 6);
      }),
      { seed: 12 },
    );
  });

  test('bounds what the residual adds', () => {
    assert(
      property(vectors, vectors, (components, others) => {
        const { coarse, residual, inverseNorm, slack } = planes(Float32Array.from(components));
        const query = quantiseQuery(Float32Array.from(others), 7);
        const rough = 256 * dot(coarse, query.values) * inverseNorm * query.inverseNorm;
        const product = 256 * dot(coarse, query.values) + dot(residual, query.values);
        const exact = product * inverseNorm * query.inverseNorm;
        expect(Math.abs(exact - rough)).toBeLessThanOrEqual(slack);
      }),
      { seed: 13, numRuns: 1_000 },
    );
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses a component %d', (component) => {
    expect(() => planes(Float32Array.of(1, component))).toThrow('finite');
    expect(() => quantiseQuery(Float32Array.of(1, component), 32)).toThrow('finite');
  });
});
