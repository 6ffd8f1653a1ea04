import { maySee, type Rights } from '../auth/rights.ts';
import { PERIODS, type Granularity } from '../usage/periods.ts';
import { formatCollection, parseCollection } from '../usage/usage-names.ts';
import {
  ReportTooLongError,
  type StorageRow,
  type UsageColumn,
  type UsageQuery,
  type UsageReport,
  type UsageRow,
} from '../usage/usage-report.ts';
import type { Action, ActionCall, ActionServices, RequestParameters } from './action.ts';
import { findCollection, namesCollection } from './collection.ts';
import { badRequest, readInteger } from './parameters.ts';
import { written } from './responses.ts';

/** Periods told where no `UtcFrom` is given. */
const DEFAULT_PERIODS: Readonly<Record<Granularity, number>> = { hour: 24, day: 30 };
const ANY_TIME = { min: 0, max: Number.MAX_SAFE_INTEGER };

const COLUMNS: ReadonlyMap<string, UsageColumn> = new Map([
  ['InstanceName', 'collection'],
  ['LibraryName', 'collection'],
  ['Action', 'action'],
  ['Code', 'code'],
]);

/** Tells calls and their latencies, and what instances held, by hour or by day. */
export const getUsage: Action = async (call, services) => {
  const { calls, storage } = await report(readQuery(call, services), services);
  return {
    ...written(),
    Usage: calls.map(formatUsageRow),
    Storage: storage.map(formatStorageRow),
  };
};

async function report(query: UsageQuery, { usage }: ActionServices): Promise<UsageReport> {
  try {
    return await usage.report(query);
  } catch (error) {
    if (!(error instanceof ReportTooLongError)) throw error;
    throw badRequest('the answer would be too long, ask for fewer periods or group by less');
  }
}

function readQuery(call: ActionCall, services: ActionServices): UsageQuery {
  const { parameters, caller } = call;
  const granularity = readGranularity(parameters);
  const { lengthMs, keptMs } = PERIODS[granularity];
  const nowMs = services.now();
  const toMs = Math.min(readTime(parameters, 'UtcTo') ?? nowMs + 1, nowMs + 1);
  const fromMs =
    readTime(parameters, 'UtcFrom') ?? toMs - (DEFAULT_PERIODS[granularity] - 1) * lengthMs;
  return {
    granularity,
    // What is no longer kept need not be looked for.
    fromMs: Math.max(fromMs, nowMs - keptMs, 0),
    toMs,
    columns: readColumns(parameters),
    isVisible: visibility(caller.rights),
    ...readCollection(call, services),
  };
}

/** One instance or library, deleted ones not: their calls are told among all. */
function readCollection(
  call: ActionCall,
  services: ActionServices,
): Pick<UsageQuery, 'collection'> {
  if (!namesCollection(call.parameters)) return {};
  return { collection: formatCollection(findCollection(call, services)) };
}

/** Calls that name no collection are shown to whoever may see all. */
function visibility(rights: Rights): (collection: string) => boolean {
  if (rights.role === 'root') return () => true;
  return (counted) => {
    const collection = parseCollection(counted);
    return collection !== undefined && maySee(rights, collection);
  };
}

function readGranularity({ text }: RequestParameters): Granularity {
  const written = text.get('Granularity') ?? 'hour';
  if (written === 'hour' || written === 'day') return written;
  throw badRequest('Granularity must be hour or day');
}

function readTime(parameters: RequestParameters, name: string): number | undefined {
  return readInteger(parameters, name, ANY_TIME, () =>
    badRequest(`${name} must be milliseconds since 1970`),
  );
}

function readColumns({ text }: RequestParameters): readonly UsageColumn[] {
  const written = text.get('GroupBy');
  if (written === undefined) return [...new Set(COLUMNS.values())];
  const names = new Set(written.split(',').map((name) => name.trim()));
  const unknown = [...names].find((name) => !COLUMNS.has(name));
  if (unknown !== undefined) {
    throw badRequest(`GroupBy takes ${[...COLUMNS.keys()].join(', ')} with commas between them`);
  }
  const columns = [...COLUMNS].filter(([name]) => names.has(name)).map(([, column]) => column);
  return [...new Set(columns)];
}

function formatUsageRow(row: UsageRow): Record<string, unknown> {
  const { startMs, collection, action, code, calls, p50Ms, p95Ms } = row;
  return {
    UtcStart: String(startMs),
    ...(collection !== undefined && nameCollection(collection)),
    ...(action !== undefined && { Action: action }),
    ...(code !== undefined && { Code: code }),
    Calls: calls,
    P50Ms: p50Ms,
    P95Ms: p95Ms,
  };
}

function formatStorageRow({ startMs, collection, images, storedBytes }: StorageRow) {
  return {
    UtcStart: String(startMs),
    ...nameCollection(collection),
    ImageCount: images,
    StoredBytes: storedBytes,
  };
}

/** `instance:shoes` as `InstanceName`, a library's as `LibraryName`; of no collection as an instance without a name. */
function nameCollection(counted: string): Record<string, string> {
  const { facade, name } = parseCollection(counted) ?? { facade: 'instance', name: '' };
  return facade === 'library' ? { LibraryName: name } : { InstanceName: name };
}
