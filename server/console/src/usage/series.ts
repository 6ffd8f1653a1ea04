import type { StorageRow, UsageRow } from '@likeness/sdk';

import { scopeOfRow } from '../collections/collections.ts';

/** One line of a chart: a value for each time, null where there is none. */
export interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

export interface Series {
  /** Seconds since 1970, rising. */
  readonly timesS: readonly number[];
  readonly lines: readonly Line[];
}

/** What came to how many calls, over the whole time. */
export interface Outcome {
  readonly action: string;
  readonly code: string;
  readonly calls: number;
}

/** Of lines in a chart: what is beyond them stands in the table alone. */
const MAX_LINES = 6;

/** Code of calls that were not refused. */
const OK = 'OK';

/** Calls by action over time, the most frequent actions first; a period without a call has 0. */
export function callsByAction(rows: readonly UsageRow[]): Series {
  const timesS = timesOf(rows);
  const byAction = Map.groupBy(rows, ({ action }) => action ?? '');
  const lines = [...byAction]
    .map(([name, own]) => ({ name, total: sumOfCalls(own), own }))
    .sort((one, other) => other.total - one.total)
    .slice(0, MAX_LINES)
    .map(({ name, own }) => ({ name, values: timesS.map((time) => callsAt(own, time)) }));
  return { timesS, lines };
}

/** Median and 95th percentile of one action over time, in milliseconds. */
export function latencyOf(rows: readonly UsageRow[], action: string): Series {
  const own = rows.filter((row) => row.action === action);
  const timesS = timesOf(rows);
  const line = (name: string, field: 'p50Ms' | 'p95Ms'): Line => ({
    name,
    values: timesS.map((time) => own.find((row) => secondsOf(row) === time)?.[field] ?? null),
  });
  return { timesS, lines: [line('p50', 'p50Ms'), line('p95', 'p95Ms')] };
}

/** What the collections held at the end of each period, by their scopes. */
export function storageOf(
  rows: readonly StorageRow[],
  field: 'imageCount' | 'storedBytes',
): Series {
  const timesS = timesOf(rows);
  const byName = Map.groupBy(rows, scopeOfRow);
  const lines = [...byName].slice(0, MAX_LINES).map(([name, own]) => ({
    name,
    values: timesS.map((time) => own.find((row) => secondsOf(row) === time)?.[field] ?? null),
  }));
  return { timesS, lines };
}

/** Calls by action and outcome, most first. */
export function outcomesOf(rows: readonly UsageRow[]): readonly Outcome[] {
  const groups = Map.groupBy(rows, ({ action, code }) => JSON.stringify([action, code]));
  return [...groups.values()]
    .flatMap(([first, ...rest]) =>
      first === undefined
        ? []
        : [
            {
              action: first.action ?? '',
              code: first.code ?? '',
              calls: sumOfCalls([first, ...rest]),
            },
          ],
    )
    .sort((one, other) => other.calls - one.calls);
}

export function totalOf(outcomes: readonly Outcome[]): {
  readonly all: number;
  readonly refused: number;
} {
  const all = outcomes.reduce((sum, { calls }) => sum + calls, 0);
  const taken = outcomes.reduce((sum, { code, calls }) => sum + (code === OK ? calls : 0), 0);
  return { all, refused: all - taken };
}

function timesOf(rows: readonly { readonly utcStart: string }[]): readonly number[] {
  return [...new Set(rows.map(secondsOf))].sort((one, other) => one - other);
}

function secondsOf({ utcStart }: { readonly utcStart: string }): number {
  return Number(utcStart) / 1000;
}

function callsAt(rows: readonly UsageRow[], timeS: number): number {
  return sumOfCalls(rows.filter((row) => secondsOf(row) === timeS));
}

function sumOfCalls(rows: readonly UsageRow[]): number {
  return rows.reduce((sum, { calls }) => sum + calls, 0);
}
