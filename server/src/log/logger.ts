import { destination, pino, type Logger as PinoLogger } from 'pino';

import type { LogLevel } from '../config/config.ts';

/** What the server logs with: one JSON object a line. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>;

export interface OpenLogger {
  readonly logger: Logger;
  /** Writes out what is still held. */
  readonly flush: () => void;
}

const STANDARD_ERROR = 2;
/** Held for a reader that is slow, or a disk that is full; lines beyond are lost. */
const MAX_HELD_BYTES = 4 * 1024 * 1024;
/** What could not be written is tried again after this. */
const RETRY_MS = 1_000;

/** Logs to standard error: standard output is for people. A log that cannot be written stops nothing. */
export function openLogger(level: LogLevel): OpenLogger {
  const stream = destination({
    dest: STANDARD_ERROR,
    sync: false,
    maxLength: MAX_HELD_BYTES,
    periodicFlush: RETRY_MS,
  });
  let canWrite = true;
  stream.on('error', () => (canWrite = false)).on('write', () => (canWrite = true));
  const flush = stream.flushSync.bind(stream);
  // Where a write fails, the stream would try it again for ever; also at the exit of the process.
  stream.flushSync = () => {
    if (canWrite) flush();
  };
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream);
  return { logger, flush: () => stream.flushSync() };
}
