import { ApiError } from '@likeness/shared/errors';
import type { Credentials } from '@likeness/shared/signing';

import type { Rights } from './rights.ts';

/** An access key as the server knows it. */
export interface Credential extends Credentials {
  readonly rights: Rights;
  /** Enabled and not expired; one that is not is refused with `InvalidAccessKeyId.Inactive`. */
  readonly isActive: boolean;
  /** Requests a second; 0 is unlimited. */
  readonly rate: number;
}

/** Where access keys are found. */
export interface CredentialStore {
  /** The key, active or not; undefined for one that never was, or is gone. */
  find(accessKeyId: string): Promise<Credential | undefined>;
  /** Remembers that a request of the key was taken just now. Never throws. */
  noteUsed(accessKeyId: string): void;
}

/**
 * The key, if it may be used now.
 *
 * @throws {ApiError} `InvalidAccessKeyId.NotFound`, `InvalidAccessKeyId.Inactive`
 */
export async function requireActive(
  credentials: Pick<CredentialStore, 'find'>,
  accessKeyId: string,
): Promise<Credential> {
  const credential = await credentials.find(accessKeyId);
  if (credential === undefined) throw new ApiError('InvalidAccessKeyId.NotFound');
  if (!credential.isActive) throw new ApiError('InvalidAccessKeyId.Inactive');
  return credential;
}
