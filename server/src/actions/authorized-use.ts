import { ApiError } from '@likeness/shared/errors';

import { decide, type Asked } from '../auth/rights.ts';
import type { AuditEvent, AuditKind, AuditLog } from '../log/audit-log.ts';
import type { CallContext } from './action.ts';

/** One use of an API, as rights and the audit log see it. */
export interface Use<Answer> {
  /** Of the action or operation. */
  readonly name: string;
  readonly asked: Asked;
  /** What is told whoever may not see what is named, and so whether it is there. */
  readonly absent: () => ApiError;
  /** Why it has a line in the audit log; a denial has one always. */
  readonly auditKind: AuditKind | undefined;
  /** What was asked for, by names on the wire: no secret, no picture. Asked for where a line is written. */
  readonly tell: () => Readonly<Record<string, string>>;
  /** What came of it. */
  readonly resultOf: (answer: Answer) => Pick<AuditEvent, 'result'>;
}

/**
 * Works for those whose rights suffice, with a line in the audit log where one is due.
 *
 * @throws {ApiError} `NoPermission`, or what `absent` makes
 */
export async function runAuthorized<Answer>(
  use: Use<Answer>,
  call: CallContext,
  audit: Pick<AuditLog, 'note'>,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const refusal = refusalOf(use, call);
  if (refusal !== undefined) {
    audit.note({ ...auditEvent(use, call, 'denied'), code: refusal.code });
    throw refusal;
  }
  const { auditKind } = use;
  if (auditKind === undefined) return work();
  try {
    const answer = await work();
    audit.note({ ...auditEvent(use, call, auditKind), ...use.resultOf(answer) });
    return answer;
  } catch (error) {
    const code = ApiError.is(error) ? error.code : 'InternalError';
    audit.note({ ...auditEvent(use, call, auditKind), code });
    throw error;
  }
}

function refusalOf({ asked, absent }: Use<never>, { caller }: CallContext): ApiError | undefined {
  const decision = decide(caller.rights, asked);
  if (decision === 'allowed') return undefined;
  return decision === 'denied' ? new ApiError('NoPermission') : absent();
}

function auditEvent(
  { name, tell }: Use<never>,
  { requestId, caller, peer }: CallContext,
  kind: AuditKind,
): AuditEvent {
  return {
    kind,
    action: name,
    key: caller.accessKeyId,
    requestId,
    ...(peer !== undefined && { peer }),
    parameters: tell(),
  };
}
