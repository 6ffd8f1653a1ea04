import { createHash, timingSafeEqual } from 'node:crypto';

import { ApiError } from '@likeness/shared/errors';

import { requireActive, type Credential, type CredentialStore } from './credentials.ts';

const BEARER = /^Bearer ([^\s:]+):(\S+)$/iu;

/**
 * The key of `Authorization: Bearer ID:SECRET`, for clients that cannot sign.
 *
 * @throws {ApiError} `MissingAccessKeyId` without one; `InvalidAccessKeyId.NotFound`,
 *   `InvalidAccessKeyId.Inactive`, `SignatureDoesNotMatch` for another secret
 */
export async function requireBearerKey(
  authorization: string | undefined,
  credentials: Pick<CredentialStore, 'find'>,
): Promise<Credential> {
  const [, accessKeyId, secret] = BEARER.exec(authorization ?? '') ?? [];
  if (accessKeyId === undefined || secret === undefined) {
    throw new ApiError('MissingAccessKeyId', {
      status: 401,
      message: 'This needs a key: Authorization: Bearer ID:SECRET.',
    });
  }
  const credential = await requireActive(credentials, accessKeyId);
  if (!isSameSecret(secret, credential.accessKeySecret)) {
    throw new ApiError('SignatureDoesNotMatch', { message: 'The secret is not that of the key.' });
  }
  return credential;
}

/** The id that an `Authorization` header claims; empty if none. */
export function claimedBearerId(authorization: string | undefined): string {
  return BEARER.exec(authorization ?? '')?.[1] ?? '';
}

/** In a time that tells nothing, the length included. */
function isSameSecret(presented: string, expected: string): boolean {
  return timingSafeEqual(digestOf(presented), digestOf(expected));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
