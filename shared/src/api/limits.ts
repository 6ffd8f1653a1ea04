/** Every documented limit of a request. Lengths are in UTF-16 units, as JavaScript counts. */
export const LIMITS = {
  MAX_PICTURE_BYTES: 4 * 1024 * 1024,
  /** Documented as 256 since 2026, 512 before; ProductId and PicName alike. */
  MAX_ID_LENGTH: 512,
  MAX_INSTANCE_NAME_LENGTH: 20,
  MAX_CUSTOM_CONTENT_LENGTH: 4096,
  MAX_STR_ATTR_LENGTH: 128,
  MIN_INT_ATTR: -(2 ** 31),
  MAX_INT_ATTR: 2 ** 31 - 1,
  MAX_FILTER_LENGTH: 4096,
  MAX_TEXT_LENGTH: 512,
  DEFAULT_NUM: 10,
  MAX_NUM: 100,
  DEFAULT_START: 0,
  MAX_START: 499,
  /** Start + Num may reach this: nothing after the top 500 is answered. */
  MAX_WINDOW: 500,
  /** A page of ListImages. */
  DEFAULT_LIST_NUM: 100,
  MAX_LIST_NUM: 1000,
  /** Pictures an instance may hold unless its creator says otherwise. */
  DEFAULT_CAPACITY: 100_000,
  MAX_CAPACITY: 1_000_000_000,
  MAX_QPS: 100_000,
  /** Access keys beside the root key. */
  MAX_ACCESS_KEYS: 1000,
  MAX_KEY_NAME_LENGTH: 128,
  MAX_SCOPES: 100,
  /** Detail tells capacities in units of this many pictures. */
  CAPACITY_UNIT: 10_000,
  /** Of GetThumbnail without ThumbnailWidth. */
  DEFAULT_THUMBNAIL_WIDTH: 320,
  MAX_THUMBNAIL_WIDTH: 1280,
} as const;
