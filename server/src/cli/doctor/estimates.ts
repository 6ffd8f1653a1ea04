/** What this machine will do, reckoned from what a few seconds told. */

/** What was measured. */
export interface Measured {
  /** A search by picture among next to none, by one vision process. */
  readonly lookMs: number;
  /** Of all vectors by all scan threads together. */
  readonly scanMs: number;
  readonly scannedRows: number;
}

export interface Capacity {
  readonly cores: number;
  /** Vision processes. */
  readonly workers: number;
}

/** @param addMs of one picture, by one vision process */
export function addsPerSecond(addMs: number, { cores, workers }: Capacity): number {
  return (1000 * Math.min(cores, workers)) / addMs;
}

/**
 * Searches by picture a second among so many images, all of them compared: a look takes one core, a scan all of them, one after
 * the other.
 */
export function searchesPerSecond(measured: Measured, capacity: Capacity, images: number): number {
  const { cores, workers } = capacity;
  const lookMs = measured.lookMs / Math.min(cores, workers);
  return 1000 / (lookMs + scanMsOf(measured, images));
}

/** A scan's time grows with its rows. */
export function scanMsOf({ scanMs, scannedRows }: Measured, images: number): number {
  return (scanMs * images) / scannedRows;
}
