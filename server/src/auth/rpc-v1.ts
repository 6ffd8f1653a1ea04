import { ApiError, missingParameter } from '@likeness/shared/errors';
import type { RpcV1SignatureMethod } from '@likeness/shared/signing';

import { isSameSignature, signatureMismatch } from './signature-check.ts';
import { parameterOf, type Claim, type SignedRequest } from './signed-request.ts';
import { parseTimestamp } from './timestamps.ts';

const SIGNATURE_VERSION = '1.0';

/**
 * Reads an RPC v1 signature: parameters anywhere in query and form, headers unsigned.
 *
 * @throws {ApiError} `Missing…` for each common parameter, `InvalidSignatureMethod`,
 *   `InvalidSignatureVersion`.
 */
export function readRpcV1Claim(request: SignedRequest): Claim {
  const required = (name: string): string => {
    const value = parameterOf(request, name);
    if (value === undefined) throw missingParameter(name);
    return value;
  };
  const signature = required('Signature');
  const accessKeyId = required('AccessKeyId');
  const timestamp = required('Timestamp');
  const nonce = required('SignatureNonce');
  const signatureMethod = readSignatureMethod(required('SignatureMethod'));
  if (required('SignatureVersion') !== SIGNATURE_VERSION) {
    throw new ApiError('InvalidSignatureVersion');
  }
  return {
    accessKeyId,
    signedAtMs: parseTimestamp(timestamp),
    nonce,
    hasSecurityToken: parameterOf(request, 'SecurityToken') !== undefined,
    verify: async (secret) => {
      const { method, query, form } = request;
      const expected = await form.rpcV1Signatures({ method, query, secret, signatureMethod });
      const isRight = expected.signatures
        .map((each) => isSameSignature(signature, each))
        .includes(true);
      if (!isRight) throw signatureMismatch(expected.stringToSign);
    },
  };
}

function readSignatureMethod(text: string): RpcV1SignatureMethod {
  const method = text.toUpperCase();
  if (method === 'HMAC-SHA1' || method === 'HMAC-SHA256') return method;
  throw new ApiError('InvalidSignatureMethod');
}
