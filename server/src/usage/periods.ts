/** How finely usage is told, and how long it is kept. */
export type Granularity = 'hour' | 'day';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A period, and for how long after its beginning it is kept. */
export const PERIODS: Readonly<
  Record<Granularity, { readonly lengthMs: number; readonly keptMs: number }>
> = {
  hour: { lengthMs: HOUR_MS, keptMs: 8 * DAY_MS },
  day: { lengthMs: DAY_MS, keptMs: 731 * DAY_MS },
};

export const GRANULARITIES: readonly Granularity[] = ['hour', 'day'];

/** When the period that holds `ms` began, in UTC. */
export function startOfPeriod(granularity: Granularity, ms: number): number {
  const { lengthMs } = PERIODS[granularity];
  return Math.floor(ms / lengthMs) * lengthMs;
}
