import { ApiError } from '@likeness/shared/errors';

import type { OnClaim } from '../auth/authenticator.ts';
import type { AuditLog } from '../log/audit-log.ts';
import type { RequestLog } from '../log/request-log.ts';

export interface AuditedUse {
  /** An API's action, or `GET` and a path. */
  readonly action: string;
  readonly log: Pick<RequestLog, 'id' | 'client'>;
}

export interface DeniedUse extends AuditedUse {
  /** The key that the request claims; empty for none. */
  readonly key: string;
}

/** Runs an authentication; a refusal gets its line in the audit log, under the key that it was told of. */
export async function auditDenials<Result>(
  audit: Pick<AuditLog, 'note'>,
  use: AuditedUse,
  authenticate: (onClaim: OnClaim) => Promise<Result>,
): Promise<Result> {
  let key = '';
  const onClaim: OnClaim = (accessKeyId) => {
    key = accessKeyId;
  };
  try {
    return await authenticate(onClaim);
  } catch (error) {
    noteDenial(audit, { ...use, key }, error);
    throw error;
  }
}

/**
 * Gives a key whose use was refused its line in the audit log. What came too often was not denied, what claims no
 * key is nobody's, and what is no refusal of ours is a bug.
 */
export function noteDenial(
  audit: Pick<AuditLog, 'note'>,
  { action, key, log }: DeniedUse,
  error: unknown,
): void {
  if (!ApiError.is(error) || error.code === 'Throttling.User' || key === '') return;
  const { id: requestId, client: peer } = log;
  audit.note({ kind: 'denied', action, key, requestId, peer, code: error.code });
}
