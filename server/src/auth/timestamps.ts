import { ApiError, ERROR_CODES } from '@likeness/shared/errors';

/** How far a request's time may lie from the server's, either way. */
export const SIGNATURE_WINDOW_MS = 15 * 60_000;

const ISO_SECONDS = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/u;
const HTTP_DATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/u;

/**
 * Reads `2026-11-21T04:08:22Z`.
 *
 * @throws {ApiError} `InvalidTimeStamp.Format`
 */
export function parseTimestamp(text: string): number {
  return parseAs(text, ISO_SECONDS);
}

/**
 * Reads `Sat, 21 Nov 2026 04:08:22 GMT`, the ROA schemes' date.
 *
 * @throws {ApiError} `InvalidTimeStamp.Format`
 */
export function parseHttpDate(text: string): number {
  return parseAs(text, HTTP_DATE);
}

/** Seconds are all that a timestamp on the wire can say. */
export function formatTimestamp(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** @throws {ApiError} `InvalidTimeStamp.Expired`, telling the server's time, outside the window. */
export function checkWindow(signedAtMs: number, nowMs: number): void {
  if (Math.abs(nowMs - signedAtMs) <= SIGNATURE_WINDOW_MS) return;
  throw expiredTimestamp(
    `The request is dated ${formatTimestamp(signedAtMs)}, more than 15 minutes from it.`,
    nowMs,
  );
}

/** The refusal of a request's time, telling the server's. */
export function expiredTimestamp(reason: string, nowMs: number): ApiError {
  const { message } = ERROR_CODES['InvalidTimeStamp.Expired'];
  return new ApiError('InvalidTimeStamp.Expired', {
    message: `${message} The server's time is ${formatTimestamp(nowMs)}. ${reason}`,
  });
}

function parseAs(text: string, format: RegExp): number {
  const ms = format.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw new ApiError('InvalidTimeStamp.Format');
  return ms;
}
