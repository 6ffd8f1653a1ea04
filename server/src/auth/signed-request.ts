import { ApiError } from '@likeness/shared/errors';
import type { Pairs, RpcV1SignatureMethod, SignableHeaders } from '@likeness/shared/signing';

/** What a form body can be asked for by whoever verifies its signature. */
export interface SignedForm {
  /** In the order sent, decoded. The text of large pictures is left out. */
  readonly pairs: Pairs;
  /**
   * The RPC v1 signatures of query and whole form, pictures included: with empty values signed, then
   * with empty values left out. Computed where the body lies, off the main thread if it is large.
   */
  rpcV1Signatures(request: RpcV1SigningRequest): Promise<RpcV1Expectation>;
}

export interface RpcV1SigningRequest {
  readonly method: string;
  readonly query: Pairs;
  readonly secret: string;
  readonly signatureMethod: RpcV1SignatureMethod;
}

/** What the server calculates for a request. */
export interface RpcV1Expectation {
  /** Base64; either one is right. */
  readonly signatures: readonly string[];
  /** The string to sign, cut at {@link MAX_STRING_TO_SIGN_SHOWN} characters, for the refusal. */
  readonly stringToSign: string;
}

/** Characters of a string to sign that a refusal repeats: enough to compare, too few to echo a picture. */
export const MAX_STRING_TO_SIGN_SHOWN = 16_384;

/** A whole request as its signature sees it. */
export interface SignedRequest {
  readonly method: string;
  /** As sent, up to the first `?`. */
  readonly path: string;
  /** Decoded. */
  readonly query: Pairs;
  /** By lower-case name; several of one name as an array. */
  readonly headers: SignableHeaders;
  /** Lower-case hex SHA-256 of the body as it arrived. */
  readonly bodySha256: string;
  /** Base64 MD5 of the body, computed where the client sent a Content-MD5. */
  readonly bodyMd5?: string;
  readonly form: SignedForm;
}

/** What a scheme reads off a request before anything is trusted. */
export interface Claim {
  readonly accessKeyId: string;
  /** When the client says that it signed, in milliseconds since 1970. */
  readonly signedAtMs: number;
  readonly nonce: string;
  /** Where the client sends none: what a request that comes twice is told. */
  readonly nonceAdvice?: string;
  readonly hasSecurityToken: boolean;
  /** @throws {ApiError} `SignatureDoesNotMatch` unless `secret` made the signature. */
  verify(secret: string): Promise<void>;
}

/**
 * The value of a header that may come once only: were it sent twice, what is signed and what is obeyed
 * could differ.
 *
 * @throws {ApiError} `IncompleteSignature` if it came more than once.
 */
export function singleHeader(headers: SignableHeaders, name: string): string | undefined {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  if (value === undefined || typeof value === 'string') return value?.trim() || undefined;
  throw new ApiError('IncompleteSignature', { message: `The header ${name} is sent twice.` });
}

/** The first value of a parameter that is not empty, in query then form. */
export function parameterOf(request: SignedRequest, name: string): string | undefined {
  const isNamed = ([each, value]: readonly [string, string]): boolean =>
    each === name && value !== '';
  return (request.query.find(isNamed) ?? request.form.pairs.find(isNamed))?.[1];
}
