/**
 * One measurement: a hit (0 or 1) or a share.
 *
 * @typedef {object} Sample
 * @property {number} value
 * @property {string} cluster what its error is shared with: the copies of one picture are one cluster
 * @property {string} [part] the mean is taken over the means of the parts (operations, categories)
 */

/**
 * Mean and standard error: of the parts' means where there are parts, with the errors of a cluster added up.
 * For single hits it is the binomial error; undefined for a single cluster.
 *
 * @param {readonly Sample[]} samples
 */
export function summarize(samples) {
  const parts = groupBy(samples, ({ part }) => part);
  const means = new Map([...parts].map(([part, members]) => [part, mean(members)]));
  const value = [...means.values()].reduce((sum, each) => sum + each, 0) / means.size;
  const residuals = new Map();
  for (const { value: each, cluster, part } of samples) {
    const share = (each - means.get(part)) / (parts.get(part).length * parts.size);
    residuals.set(cluster, (residuals.get(cluster) ?? 0) + share);
  }
  const squares = [...residuals.values()].reduce((sum, each) => sum + each * each, 0);
  const clusters = residuals.size;
  const error = clusters > 1 ? Math.sqrt((clusters / (clusters - 1)) * squares) : undefined;
  return { value, error, n: samples.length };
}

/**
 * @template Value
 * @param {readonly Value[]} values
 * @param {(value: Value) => unknown} keyOf
 * @returns {Map<unknown, Value[]>} in the order of first sight
 */
export function groupBy(values, keyOf) {
  const groups = new Map();
  for (const value of values) {
    const key = keyOf(value);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(value);
  }
  return groups;
}

/** @param {readonly number[]} values @param {number} share */
export function quantile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

function mean(samples) {
  return samples.reduce((sum, { value }) => sum + value, 0) / samples.length;
}
