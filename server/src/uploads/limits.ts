/** How long a ticket may be used. Below {@link USED_LIFE_MS}: its object is there as long as it holds, so that it takes one upload. */
export const TICKET_LIFE_MS = 5 * 60_000;

/** How long an upload waits to be used. */
export const UNUSED_LIFE_MS = 60 * 60_000;

/** How long it stays after a request that used it succeeded: a client that did not get the answer asks again. */
export const USED_LIFE_MS = 10 * 60_000;

/** How often what has had its time is removed. */
export const SWEEP_INTERVAL_MS = 15_000;

/** Of the room for uploads, what one key may fill with those that were not used yet: one part in so many. */
export const KEYS_TO_FILL = 4;

/** What a client waits that found no room. */
export const ROOM_RETRY_AFTER_MS = 10_000;
