import { once } from 'node:events';
import { mkdirSync } from 'node:fs';

import { createStream, type RotatingFileStream } from 'rotating-file-stream';

import type { AuditEvent, AuditLog } from './audit-log.ts';
import { RepeatFilter } from './repeat-filter.ts';

export interface FileAuditLogOptions {
  /** Its own; made when the first line comes. */
  readonly folder: string;
  /** Megabytes that all files together take at most. */
  readonly maxMegabytes: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told when lines cannot be written, once until they can again. */
  readonly onUnwritable: (error: unknown) => void;
}

/** The file that is written now; older ones have the time of their rotation before it. */
export const AUDIT_FILE = 'audit.jsonl';

/** Refusals that come only after the key was found. */
const CODES_OF_KNOWN_KEYS: ReadonlySet<string> = new Set([
  'NoPermission',
  'InvalidInstance',
  'InvalidAccessKeyId.Inactive',
  'SignatureDoesNotMatch',
  'SignatureNonceUsed',
]);

/** The whole is kept in this many files, of which the oldest goes first. */
const FILES = 10;
const BYTES_PER_MEGABYTE = 1024 ** 2;
/** Lines waiting for a slow disk; more are lost, and counted. */
const MAX_WAITING_BYTES = 4 * BYTES_PER_MEGABYTE;
/** Characters of one parameter: the longest filter. */
const MAX_VALUE_LENGTH = 4096;
const MAX_NAME_LENGTH = 128;
/** The same denial again is only counted for so long: a flood of them must not push other lines out. */
const REPEAT_REST_MS = 60_000;
/** Rest between two tries to open a file that could not be written. */
const REOPEN_REST_MS = 10_000;
const OWNER_ONLY = 0o700;
const OWNER_ONLY_FILE = 0o600;

/** The audit log: one JSON object a line, in files that are rotated by size. */
export class FileAuditLog implements AuditLog {
  readonly #options: FileAuditLogOptions;
  readonly #denials = new RepeatFilter(REPEAT_REST_MS);
  #stream: RotatingFileStream | undefined;
  #failedAtMs: number | undefined;
  #lost = 0;

  constructor(options: FileAuditLogOptions) {
    this.#options = options;
  }

  note(event: AuditEvent): void {
    const nowMs = this.#options.now();
    const repeated = this.#repeatedBefore(event, nowMs);
    if (repeated === undefined) return;
    const line = {
      time: new Date(nowMs).toISOString(),
      ...event,
      key: event.key.slice(0, MAX_NAME_LENGTH),
      action: event.action.slice(0, MAX_NAME_LENGTH),
      ...(event.parameters !== undefined && { parameters: shorten(event.parameters) }),
      ...(repeated > 0 && { repeated }),
    };
    this.#write(line, nowMs);
  }

  async close(): Promise<void> {
    const stream = this.#stream;
    if (stream === undefined) return;
    this.#stream = undefined;
    // Its failure is told by the listener of the stream.
    const closed = once(stream, 'close').catch(() => undefined);
    stream.end();
    await closed;
  }

  /** How many like it were only counted before; undefined if this one is, too. */
  #repeatedBefore({ kind, key, action, code }: AuditEvent, nowMs: number): number | undefined {
    if (kind !== 'denied') return 0;
    // Whoever makes up ids must not make up lines.
    const isKnown = code !== undefined && CODES_OF_KNOWN_KEYS.has(code);
    return this.#denials.pass(isKnown ? `${key} ${action} ${code}` : `${code}`, nowMs);
  }

  #write(line: Readonly<Record<string, unknown>>, nowMs: number): void {
    const stream = this.#open(nowMs);
    if (stream === undefined || stream.writableLength > MAX_WAITING_BYTES) {
      this.#lost += 1;
      if (stream !== undefined) this.#fail(new Error('the audit log is too slow'), nowMs);
      return;
    }
    const lost = this.#lost;
    this.#lost = 0;
    stream.write(`${JSON.stringify(lost > 0 ? { ...line, lostBefore: lost } : line)}\n`);
  }

  #open(nowMs: number): RotatingFileStream | undefined {
    if (this.#stream !== undefined) return this.#stream;
    const restedMs = Math.abs(nowMs - (this.#failedAtMs ?? Number.NEGATIVE_INFINITY));
    if (restedMs < REOPEN_REST_MS) return undefined;
    const { folder, maxMegabytes } = this.#options;
    try {
      mkdirSync(folder, { recursive: true, mode: OWNER_ONLY });
      const stream = createStream(AUDIT_FILE, {
        path: folder,
        size: `${Math.floor((maxMegabytes * BYTES_PER_MEGABYTE) / FILES)}B`,
        maxFiles: FILES - 1,
        history: 'files.txt',
        mode: OWNER_ONLY_FILE,
      });
      stream.on('error', (error) => {
        this.#stream = undefined;
        this.#fail(error, this.#options.now());
      });
      stream.on('open', () => {
        this.#failedAtMs = undefined;
      });
      this.#stream = stream;
      return stream;
    } catch (error) {
      this.#fail(error, nowMs);
      return undefined;
    }
  }

  #fail(error: unknown, nowMs: number): void {
    const isNews = this.#failedAtMs === undefined;
    this.#failedAtMs = nowMs;
    if (isNews) this.#options.onUnwritable(error);
  }
}

function shorten(parameters: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, value.slice(0, MAX_VALUE_LENGTH)]),
  );
}
