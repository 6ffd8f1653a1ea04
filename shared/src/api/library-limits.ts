/** Limits of the operator API that instances do not share. Lengths are in UTF-16 units. */
export const LIBRARY_LIMITS = {
  MAX_LIBRARY_NAME_LENGTH: 64,
  MAX_DESCRIPTION_LENGTH: 1024,
  /** Long enough for addresses with a query. */
  MAX_IMAGE_URI_LENGTH: 1024,
  DEFAULT_PAGE_SIZE: 20,
  MAX_PAGE_SIZE: 100,
  MAX_PAGE: 10_000_000,
} as const;
