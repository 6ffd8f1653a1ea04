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

/** Logs to standard error: standard output is for people. */
export function openLogger(level: LogLevel): OpenLogger {
  const stream = destination({ dest: STANDARD_ERROR, sync: false });
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream);
  return { logger, flush: () => stream.flushSync() };
}
