/** Of tags and of filters over them. Lengths are in UTF-16 units, as JavaScript counts. */
export const TAG_LIMITS = {
  /** Tags of one image. */
  MAX_TAGS: 50,
  MAX_NAME_LENGTH: 64,
  MAX_TEXT_LENGTH: 256,
  /** Elements of a tag that is a list. */
  MAX_ELEMENTS: 100,
  /** All names and values of one image: what 50 tags without lists may come to. */
  MAX_TOTAL_LENGTH: 50 * (64 + 256),
  /** Lists, `or` and `and` in each other. */
  MAX_FILTER_GROUPS: 10,
  MAX_FILTER_CONDITIONS: 100,
  /** Values of `in` and `not in`. */
  MAX_FILTER_VALUES: 1000,
} as const;
