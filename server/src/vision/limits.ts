/** Shortest side, in pixels, that a picture keeps when it is reduced while decoding. */
export const WORKING_SIDE_PX = 512;
/** The same for a box that the caller asked for. */
export const WORKING_BOX_SIDE_PX = 256;
/** Most subjects told for one picture. */
export const MAX_SUBJECTS = 8;
/** A look at a picture that takes longer is killed. */
export const JOB_TIMEOUT_MS = 10_000;
/** A worker that is not ready by then is killed. */
export const START_TIMEOUT_MS = 30_000;
/** Looks of each priority waiting for a free worker, for each worker. */
export const QUEUE_PER_WORKER = 64;
/** A look that is likely to be done later is refused at once: the vendor's SDK gives up 3 s after it connected. */
export const TARGET_MS = 2000;
/** A look that has waited this long is refused after all. */
export const MAX_WAIT_MS = 2000;
/** Resident memory at which a worker is replaced, during a look or after it. */
export const MAX_WORKER_BYTES = 1024 * 1024 * 1024;
/** How long `close` waits for looks in flight. */
export const CLOSE_TIMEOUT_MS = 5_000;
/** Texts whose vectors are remembered: 2 KiB each at 512 dimensions. */
export const MAX_REMEMBERED_TEXTS = 1_000;
