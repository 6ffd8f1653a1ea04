import { ApiError } from '@likeness/shared/errors';

import type { AuditLog } from '../log/audit-log.ts';
import type { RequestLog } from '../log/request-log.ts';

export interface DeniedUse {
  /** An API's action, or `GET` and a path. */
  readonly action: string;
  /** The key that the request claims; empty for none. */
  readonly key: string;
  readonly log: Pick<RequestLog, 'id' | 'client'>;
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
