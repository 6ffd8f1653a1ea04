import type { WorkGateOptions } from './work-gate.ts';

/** Scans and lists: a few at once keep every scan thread busy, and each of them fast. */
export const SCAN_GATE: WorkGateOptions = {
  maxRunning: 8,
  maxWaiting: 1024,
  targetWaitMs: 1000,
  maxWaitMs: 2000,
};

/** Writes: many at once, for they share a sync; a disk that stands still refuses the others in time. */
export const WRITE_GATE: WorkGateOptions = {
  maxRunning: 64,
  maxWaiting: 1024,
  targetWaitMs: 1000,
  maxWaitMs: 2000,
};
