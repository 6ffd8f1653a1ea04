import { ERROR_CODES, type ApiError, type ErrorCode } from '@likeness/shared/errors';

/** What an answer of the operator API may say of itself, and the HTTP status that goes with it. */
export const STATUS_WORDS = {
  SUCCESS: 200,
  INVALID_PARAMETER: 400,
  INVALID_TAG_FILTER: 400,
  INVALID_IMAGE: 400,
  MODE_NOT_SUPPORTED: 400,
  NO_ITEM_DETECTED: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  LIBRARY_NOT_FOUND: 404,
  IMAGE_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  TIMEOUT: 408,
  LIBRARY_ALREADY_EXISTS: 409,
  LIBRARY_NOT_READY: 409,
  IMAGE_DAMAGED: 409,
  REQUEST_TOO_LARGE: 413,
  /** 400 where a library is full. */
  QUOTA_EXCEEDED: 429,
  INTERNAL_ERROR: 500,
  NOT_AVAILABLE: 501,
  UNAVAILABLE: 503,
  INSUFFICIENT_STORAGE: 507,
} as const;

export type StatusWord = keyof typeof STATUS_WORDS;

/** How this API says what the engine, or the port, refused. */
interface Wording {
  readonly word: StatusWord;
  /** In place of the table's, where nothing more precise was said: that speaks of instances. */
  readonly message?: string;
  readonly status?: number;
}

const WORDINGS: Readonly<Partial<Record<ErrorCode, Wording>>> = {
  BadRequest: { word: 'INVALID_PARAMETER' },
  'InvalidParameter.Format': { word: 'INVALID_PARAMETER' },
  UnknownText: { word: 'INVALID_PARAMETER' },
  InvalidFilterClause: { word: 'INVALID_TAG_FILTER' },
  UnsupportedPicFormat: {
    word: 'INVALID_IMAGE',
    message: 'The image could not be read: expected JPEG, PNG, GIF, WEBP, BMP, TIFF or PPM.',
  },
  UnsupportedPicPixels: {
    word: 'INVALID_IMAGE',
    message: 'The size of the image is not supported: expected 16 to 8192 pixels on each side.',
  },
  InvalidPicContent: {
    word: 'INVALID_IMAGE',
    message: 'The image is too large: expected 4 MB at most.',
  },
  IncorrectOrientation: { word: 'INVALID_IMAGE' },
  InvalidPicUrl: { word: 'INVALID_IMAGE' },
  ExtractFeatureTimeout: {
    word: 'INVALID_IMAGE',
    message: 'The image took too long to be looked at.',
  },
  ModeNotSupported: { word: 'MODE_NOT_SUPPORTED' },
  UnsupportedInstanceType: {
    word: 'MODE_NOT_SUPPORTED',
    message: 'The image library cannot be searched by text: its model knows no texts.',
  },
  NoItemDetected: { word: 'NO_ITEM_DETECTED', message: 'No item was detected in the image.' },
  MissingAccessKeyId: { word: 'UNAUTHORIZED' },
  NoPermission: { word: 'FORBIDDEN' },
  'InvalidAction.NotFound': { word: 'NOT_FOUND', message: 'There is no such operation.' },
  InvalidInstance: { word: 'LIBRARY_NOT_FOUND', message: 'The image library does not exist.' },
  PicNotExist: { word: 'IMAGE_NOT_FOUND', message: 'The image does not exist.' },
  UnsupportedHTTPMethod: { word: 'METHOD_NOT_ALLOWED' },
  RequestTimeout: { word: 'TIMEOUT' },
  TimeoutForTransferImage: {
    word: 'TIMEOUT',
    message: 'Timeout after 5 seconds waiting for the request or its image.',
  },
  InstanceAlreadyExists: {
    word: 'LIBRARY_ALREADY_EXISTS',
    message: 'An image library of that name already exists.',
  },
  InstanceStatusError: {
    word: 'LIBRARY_NOT_READY',
    message: 'The image library is being emptied, or embedded again by another model.',
  },
  DamagedRecord: {
    word: 'IMAGE_DAMAGED',
    message: 'The stored image is damaged: add it again, or delete it.',
  },
  RequestBodyTooLarge: { word: 'REQUEST_TOO_LARGE' },
  RequestHeaderTooLarge: { word: 'REQUEST_TOO_LARGE', status: 431 },
  InstanceOverQuota: {
    word: 'QUOTA_EXCEEDED',
    status: 400,
    message: 'The image library is full.',
  },
  DeniedRequest: {
    word: 'QUOTA_EXCEEDED',
    message: 'The image library gets more requests a second than its limit.',
  },
  'Throttling.User': {
    word: 'QUOTA_EXCEEDED',
    message: 'The access key sends more requests a second than its limit.',
  },
  UnsupportedOperationType: { word: 'NOT_AVAILABLE' },
  ServiceUnavailable: { word: 'UNAVAILABLE' },
  InsufficientStorage: { word: 'INSUFFICIENT_STORAGE' },
  InternalError: { word: 'INTERNAL_ERROR' },
};

const UNAUTHORIZED =
  /^(?:Missing|Incomplete|Invalid)?(?:AccessKeyId|Signature|SecurityToken|TimeStamp|Timestamp)/u;
const MIN_SERVER_ERROR = 500;

/** An error in the words of this API. */
export interface WordedError {
  readonly word: StatusWord;
  readonly httpStatus: number;
  readonly message: string;
}

/** The one place where codes become words, never the other way round. */
export function wordError({ code, status, message }: ApiError): WordedError {
  const wording = Object.hasOwn(WORDINGS, code)
    ? WORDINGS[code as ErrorCode]
    : { word: guessWord(code, status) };
  const { word = 'INTERNAL_ERROR' } = wording ?? {};
  const isPlain =
    Object.hasOwn(ERROR_CODES, code) && ERROR_CODES[code as ErrorCode].message === message;
  return {
    word,
    httpStatus: wording?.status ?? STATUS_WORDS[word],
    message: isPlain ? (wording?.message ?? message) : message,
  };
}

/** Codes of signatures are many, and some are made of a parameter's name. */
function guessWord(code: string, status: number): StatusWord {
  if (UNAUTHORIZED.test(code)) return 'UNAUTHORIZED';
  return status < MIN_SERVER_ERROR ? 'INVALID_PARAMETER' : 'INTERNAL_ERROR';
}
