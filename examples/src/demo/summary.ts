import type { Finding } from './run-searches.ts';

/** How many of the searches that expect a product found it. */
export interface FoundRate {
  readonly first: number;
  readonly amongFive: number;
  readonly of: number;
}

const FEW = 5;

/** Counts the findings of the searches by picture and region, where the picture is not in the catalogue. */
export function countFound(findings: readonly Finding[]): FoundRate {
  const ranks = findings
    .filter(({ search }) => ['By picture', 'With a region'].includes(search.section))
    .map(({ rank = -1 }) => rank);
  return {
    first: ranks.filter((rank) => rank === 0).length,
    amongFive: ranks.filter((rank) => rank >= 0 && rank < FEW).length,
    of: ranks.length,
  };
}

/** The middle value; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, two) => one - two);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
