/** What a code answers with when nothing more precise is said. */
export interface ErrorCodeSpec {
  /** HTTP status. */
  readonly status: number;
  readonly message: string;
}

/**
 * Every code the service can answer with. The key goes on the wire; never rename one.
 *
 * Messages are the vendor's own, typing errors included, because customers' code compares them.
 */
export const ERROR_CODES = {
  // The gateway: who asks, and is the request whole?
  'InvalidAction.NotFound': {
    status: 404,
    message: 'Specified api is not found, please check your url and method.',
  },
  InvalidVersion: { status: 400, message: 'Specified parameter Version is not valid.' },
  MissingAction: { status: 400, message: 'Action is mandatory for this action.' },
  MissingVersion: { status: 400, message: 'Version is mandatory for this action.' },
  MissingAccessKeyId: { status: 400, message: 'AccessKeyId is mandatory for this action.' },
  MissingSignature: { status: 400, message: 'Signature is mandatory for this action.' },
  MissingSignatureNonce: { status: 400, message: 'SignatureNonce is mandatory for this action.' },
  MissingTimestamp: { status: 400, message: 'Timestamp is mandatory for this action.' },
  MissingSecurityToken: { status: 400, message: 'SecurityToken is mandatory for this action.' },
  'InvalidAccessKeyId.NotFound': { status: 404, message: 'Specified access key is not found.' },
  'InvalidAccessKeyId.Inactive': { status: 400, message: 'Specified access key is disabled.' },
  'InvalidTimeStamp.Format': {
    status: 400,
    message: 'Specified time stamp or date value is not well formatted.',
  },
  'InvalidTimeStamp.Expired': {
    status: 400,
    message: 'Specified time stamp or date value is expired.',
  },
  SignatureNonceUsed: { status: 400, message: 'Specified signature nonce was used already.' },
  SignatureDoesNotMatch: {
    status: 400,
    message: 'Specified signature is not matched with our calculation.',
  },
  IncompleteSignature: {
    status: 400,
    message: 'The request signature does not conform to Aliyun standards.',
  },
  InvalidSignatureMethod: { status: 400, message: 'Specified signature method is not valid.' },
  InvalidSignatureVersion: {
    status: 400,
    message: 'Specified parameter SignatureVersion is not valid.',
  },
  'InvalidSecurityToken.Expired': { status: 400, message: 'Specified SecurityToken is expired.' },
  'InvalidSecurityToken.Malformed': {
    status: 400,
    message: 'Specified SecurityToken is malformed.',
  },
  'InvalidSecurityToken.MismatchWithAccessKey': {
    status: 400,
    message: 'Specified SecurityToken mismatch with the AccessKey.',
  },
  'InvalidParameter.Format': {
    status: 400,
    message: 'Specified parameter format is not valid.',
  },
  UnsupportedHTTPMethod: { status: 400, message: 'The HTTP method is not supported.' },
  'InvalidProtocol.NeedSsl': {
    status: 400,
    message: 'Your request is denied as lack of ssl protect.',
  },
  RequestBodyTooLarge: {
    status: 413,
    message: 'The request body is larger than the server reads.',
  },
  RequestHeaderTooLarge: {
    status: 431,
    message: 'The head of the request is too large, or has too many headers.',
  },
  RequestTimeout: { status: 408, message: 'The request took too long to arrive.' },
  Throttling: { status: 400, message: 'Request was denied due to request throttling.' },
  'Throttling.User': { status: 400, message: 'Request was denied due to user flow control.' },
  'Throttling.Api': { status: 400, message: 'Request was denied due to api flow control.' },
  ServiceUnavailable: {
    status: 503,
    message: 'The request has failed due to a temporary failure of the server.',
  },
  InternalError: {
    status: 500,
    message: 'The request processing has failed due to some unknown error.',
  },

  // Uploads, as the vendor's object store names what is wrong with one.
  AccessDenied: { status: 403, message: 'Invalid according to Policy.' },
  MalformedPOSTRequest: {
    status: 400,
    message: 'The body of your POST request is not well-formed multipart/form-data.',
  },
  InvalidArgument: { status: 400, message: 'A field of the form is missing or stands too late.' },
  EntityTooSmall: {
    status: 400,
    message: 'Your proposed upload is smaller than the minimum allowed size.',
  },
  EntityTooLarge: {
    status: 400,
    message: 'Your proposed upload exceeds the maximum allowed size.',
  },
  FileAlreadyExists: {
    status: 409,
    message: 'The object you specified already exists and can not be overwritten.',
  },

  // The product: instances.
  NoPermission: { status: 403, message: 'You are not authorized to perform this operation.' },
  'EntityNotExist.User.AccessKey': { status: 404, message: 'The access key does not exist.' },
  'LimitExceeded.User.AccessKey': {
    status: 409,
    message: 'The count of the access keys beyond the current limits.',
  },
  DeniedRequest: {
    status: 403,
    message: 'Your request was denied due to instance flow control.',
  },
  BadRequest: { status: 400, message: 'The request has invalid parameters.' },
  InvalidInstanceName: { status: 400, message: 'The parameter instanceName is not specified.' },
  InvalidInstance: { status: 400, message: 'The specified instance name is invalid.' },
  InstanceStatusError: { status: 409, message: 'Your instance is unavailable.' },
  InstanceOverQuota: { status: 400, message: 'The number of items exceeds the limit.' },
  InstanceAlreadyExists: {
    status: 409,
    message: 'An instance with the specified name already exists.',
  },
  DamagedRecord: {
    status: 409,
    message: 'The stored picture is damaged: add it again, or delete it.',
  },
  InsufficientStorage: { status: 507, message: 'The server has no room to store this.' },
  UnsupportedInstanceType: { status: 500, message: 'The instance type is not supported.' },
  UnsupportedOperationType: { status: 500, message: 'The specified action is not supported.' },
  ModeNotSupported: {
    status: 400,
    message: 'The mode of the image library does not support this.',
  },

  // The product: parameters.
  NoSpecifiedProductId: { status: 400, message: 'The parameter ProductId no specified.' },
  NoSpecifiedPicName: { status: 400, message: 'The parameter PicName no specified.' },
  NoSpecifiedPicContent: { status: 400, message: 'The parameter PicContent no specified.' },
  InvalidProductId: { status: 400, message: 'The specified parameter ProductId is not valid.' },
  InvalidPicName: { status: 400, message: 'The specified parameter PicName is not valid.' },
  InvalidCustomContent: {
    status: 400,
    message: 'The specified parameter CustomContent is not valid.',
  },
  InvalidIntAttr: { status: 400, message: 'The specified int_attr field is invalid.' },
  InvalidIntAttr2: { status: 400, message: 'The specified parameter IntAttr2 is not valid.' },
  InvalidIntAttr3: { status: 400, message: 'The specified parameter IntAttr3 is not valid.' },
  InvalidIntAttr4: { status: 400, message: 'The specified parameter IntAttr4 is not valid.' },
  InvalidStrAttr: { status: 400, message: 'The specified parameter StrAttr is not valid.' },
  InvalidStrAttr2: { status: 400, message: 'The specified parameter StrAttr2 is not valid.' },
  InvalidStrAttr3: { status: 400, message: 'The specified parameter StrAttr3 is not valid.' },
  InvalidStrAttr4: { status: 400, message: 'The specified parameter StrAttr4 is not valid.' },
  InvalidCategory: { status: 400, message: 'The specified category is invalid.' },
  InvalidRegion: { status: 400, message: 'The specific region is illegal.' },
  InvalidType: { status: 400, message: 'The specified parameter Type is not valid.' },
  InvalidText: { status: 400, message: 'The specified parameter Text is not valid.' },
  InvalidTextLength: { status: 400, message: 'Invalid text clause.' },
  UnknownText: { status: 400, message: 'The text cannot be placed: its words are not known.' },
  InvalidFilterClause: {
    status: 400,
    message: 'The specified filtering condition is invalid.',
  },
  InvalidNumParameter: { status: 400, message: 'The specified parameter num is invalid.' },
  InvalidStartParameter: { status: 400, message: 'The specified parameter start is inavlid.' },
  OverflowMaxReturnNum: {
    status: 400,
    message: 'The specified number of results for each request exceeds the maximum of 100.',
  },
  OverflowMaxResultNum: {
    status: 400,
    message: 'The specified number of total results exceeds the maximum of 500.',
  },

  // The product: pictures.
  InvalidPicContent: {
    status: 400,
    message: 'The specified parameter PicContent length greater than 4 * 1024 * 1024.',
  },
  InvalidPrimaryPicContent: {
    status: 400,
    message: 'The specified parameter PrimaryPicContent is not valid.',
  },
  InvalidSecondaryPicContent: {
    status: 400,
    message: 'The specified parameter SecondaryPicContent is not valid.',
  },
  InvalidPicUrl: {
    status: 400,
    message: 'The search picture does not exist at the specific url.',
  },
  UnsupportedPicFormat: { status: 400, message: 'The specified image format is invalid.' },
  UnsupportedPicPixels: { status: 400, message: 'The specified pixels is not supported.' },
  IncorrectOrientation: {
    status: 400,
    message: 'The image contains incorrect rotation flags in the meta data.',
  },
  PicNotExist: { status: 400, message: 'The search picture does not exist.' },
  NoItemDetected: { status: 400, message: 'No item was detected in the picture.' },
  TimeoutForTransferImage: {
    status: 400,
    message: 'Timeout after 5 seconds waiting for images transfer to complete.',
  },
  SearchTimeout: { status: 400, message: 'The request is timed out.' },
  ExtractFeatureTimeout: {
    status: 500,
    message: 'The request was timed out while extracting features.',
  },
} as const satisfies Record<string, ErrorCodeSpec>;

/** A code of {@link ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;
