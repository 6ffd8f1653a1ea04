/**
 * Where an allocation is: the number of its memory times {@link ARENA_SPAN}, plus its byte offset
 * there. 0 is never an allocation, so it can say "none".
 */
export type Address = number;

/** Longer than any memory. */
export const ARENA_SPAN = 2 ** 31;

export function arenaOf(address: Address): number {
  return Math.floor(address / ARENA_SPAN);
}

export function offsetOf(address: Address): number {
  return address % ARENA_SPAN;
}
