/** Distorted copies: is the picture they were made of found first among everything? */
import { forEachSome } from './instance.mjs';

/**
 * @param {string} id of the figure
 * @param {string} set whose copies are asked with
 */
export function measureCopies(id, set) {
  return async (ranker, { variants, hashes }) => {
    const queries = variants.get(set);
    const rankings = await forEachSome(queries, (query) => ranker.rank(query, {}, 1));
    const asked = queries.map((query, at) => ({ query, ...rankings[at] }));
    const taken = asked.filter(({ refusal }) => refusal === undefined);
    const samples = taken.map(({ query: { operation, source }, hits: [first] }) => ({
      part: operation,
      cluster: source.key,
      // A picture that stands in the gallery twice is found as either.
      value: Number(first !== undefined && hashes.get(first.key) === source.hash),
    }));
    const refusedOf = (operation) =>
      asked.filter(({ query, refusal }) => refusal !== undefined && query.operation === operation)
        .length;
    const operations = [...new Set(queries.map(({ operation }) => operation))];
    const single = operations.map((operation) => ({
      id: `${id}/${operation}`,
      samples: samples.filter(({ part }) => part === operation),
      refused: refusedOf(operation),
    }));
    return [{ id, samples, refused: asked.length - taken.length }, ...single];
  };
}
