/**
 * What the operator API calls the part of a picture that a library embeds: the item that it shows, the whole of it,
 * or the item where one is clear. Fixed when the library is created.
 */
export const LIBRARY_MODES = ['item_search', 'general_search', 'adaptive_search'] as const;

export type LibraryMode = (typeof LIBRARY_MODES)[number];
