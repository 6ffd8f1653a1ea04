import { percentEncode } from '../encoding/percent.ts';

/** Decoded parameters. */
export type Pairs = readonly (readonly [name: string, value: string])[];

/** `enc(name)=enc(value)` joined by `&`, sorted by name; equal names keep their order. */
export function canonicalPairs(pairs: Pairs): string {
  return sortByName(pairs)
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&');
}

/** A sorted copy. By UTF-16 units, as Node and Java sort; names are ASCII, where all orders agree. */
export function sortByName(pairs: Pairs): Pairs {
  return pairs.toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)));
}
