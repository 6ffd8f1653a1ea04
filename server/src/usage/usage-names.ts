import type { Granularity } from './periods.ts';

/*
 * The names of usage in the value store:
 *
 *     usage/h/START/c/COLLECTION NUL ACTION NUL CODE   calls of an hour
 *     usage/d/START/c/…                                 the same of a day
 *     usage/h/START/s/COLLECTION                        what a collection holds, at the end of the hour or latest
 *     usage/d/START/s/COLLECTION                        the same of a day
 *
 * START is the period's first second since 1970 in ten digits, so that names lie in the order of time.
 * COLLECTION is "instance:NAME" or "library:NAME", and empty for calls that name none.
 */
const PREFIX = 'usage';
const START_DIGITS = 10;
const LETTERS: Readonly<Record<Granularity, string>> = { hour: 'h', day: 'd' };

/** What a row counts. */
export interface CallName {
  readonly granularity: Granularity;
  readonly startMs: number;
  /** `instance:NAME`, `library:NAME` or empty. */
  readonly collection: string;
  readonly action: string;
  readonly code: string;
}

export type StorageName = Pick<CallName, 'granularity' | 'startMs' | 'collection'>;

/** What calls and storage are counted under, as its parts. */
export interface CountedCollection {
  readonly facade: 'instance' | 'library';
  readonly name: string;
}

/** `instance:NAME` or `library:NAME`. */
export function formatCollection({ facade, name }: CountedCollection): string {
  return `${facade}:${name}`;
}

/** The parts of what {@link formatCollection} wrote; undefined for calls that name no collection. */
export function parseCollection(collection: string): CountedCollection | undefined {
  const [, facade, name = ''] = /^(instance|library):(.*)$/su.exec(collection) ?? [];
  return facade === 'instance' || facade === 'library' ? { facade, name } : undefined;
}

export function formatCallName(name: CallName): string {
  const { collection, action, code } = name;
  return `${formatPeriod(name)}/c/${[collection, action, code].join('\0')}`;
}

export function formatStorageName(name: StorageName): string {
  return `${formatPeriod(name)}/s/${name.collection}`;
}

/** What all names of a period begin with; names of earlier periods come before it. */
export function formatPeriod({
  granularity,
  startMs,
}: Pick<CallName, 'granularity' | 'startMs'>): string {
  const seconds = String(Math.floor(startMs / 1000)).padStart(START_DIGITS, '0');
  return `${PREFIX}/${LETTERS[granularity]}/${seconds}`;
}

const NAME = /^usage\/([hd])\/(\d{10})\/([cs])\/(.*)$/su;

/** Undefined for a name that is none of these. */
export function parseUsageName(
  name: string,
):
  | ({ readonly kind: 'calls' } & CallName)
  | ({ readonly kind: 'storage' } & StorageName)
  | undefined {
  const [, letter, seconds, kind, rest = ''] = NAME.exec(name) ?? [];
  if (letter === undefined) return undefined;
  const granularity = letter === 'h' ? 'hour' : 'day';
  const period = { granularity, startMs: Number(seconds) * 1000 } as const;
  if (kind === 's') return { kind: 'storage', ...period, collection: rest };
  const [collection, action, code] = rest.split('\0');
  if (collection === undefined || action === undefined || code === undefined) return undefined;
  return { kind: 'calls', ...period, collection, action, code };
}
