import { ACTIONS, type ActionName, type ActionSpec } from '@likeness/shared/api';
import { ApiError } from '@likeness/shared/errors';

import { decide, type CollectionName } from '../auth/rights.ts';
import type { AuditEvent, AuditKind } from '../log/audit-log.ts';
import type { Action, ActionCall } from './action.ts';
import { isTrue } from './parameters.ts';

/** The parameters that name a collection. */
const COLLECTION_PARAMETERS = [
  ['InstanceName', 'instance'],
  ['LibraryName', 'library'],
] as const;

/** Actions whose answer is about the server, with every collection in it. */
const ABOUT_EVERY: ReadonlySet<ActionName> = new Set(['GetServerInfo', 'VerifyStorage']);

/**
 * The action for those whose rights suffice, with its line in the audit log where one is due.
 *
 * Others get `NoPermission`; or `InvalidInstance`, as if it were absent, for what they may not see.
 */
export function authorized(name: ActionName, action: Action): Action {
  const spec = ACTIONS[name];
  return async (call, services) => {
    const { audit } = services;
    const refusal = refusalOf(name, call);
    if (refusal !== undefined) {
      audit.note(auditEvent({ kind: 'denied', name, call, code: refusal.code }));
      throw refusal;
    }
    const kind = auditKind(spec, call);
    if (kind === undefined) return action(call, services);
    try {
      const body = await action(call, services);
      audit.note({ ...auditEvent({ kind, name, call }), ...resultOf(body) });
      return body;
    } catch (error) {
      const code = ApiError.is(error) ? error.code : 'InternalError';
      audit.note(auditEvent({ kind, name, call, code }));
      throw error;
    }
  };
}

function refusalOf(name: ActionName, call: ActionCall): ApiError | undefined {
  const spec = ACTIONS[name];
  const decision = decide(call.caller.rights, {
    role: spec.role,
    collections: ABOUT_EVERY.has(name) ? 'every' : collectionsOf(spec, call),
    creates: name === 'CreateInstance',
  });
  if (decision === 'allowed') return undefined;
  return new ApiError(decision === 'denied' ? 'NoPermission' : 'InvalidInstance');
}

/** What the request names; parameters that the action does not take name nothing. */
function collectionsOf(spec: ActionSpec, { parameters }: ActionCall): readonly CollectionName[] {
  return COLLECTION_PARAMETERS.flatMap(([parameter, facade]) => {
    const name = parameters.text.get(parameter);
    return name !== undefined && takes(spec, parameter) ? [{ facade, name }] : [];
  });
}

function auditKind(spec: ActionSpec, { parameters }: ActionCall): AuditKind | undefined {
  if (takes(spec, 'IsDeleteByFilter') && isTrue(parameters.text.get('IsDeleteByFilter'))) {
    return 'delete-by-filter';
  }
  const administers = spec.role === 'admin' || spec.role === 'root';
  return administers && !spec.isRead ? 'administration' : undefined;
}

function takes(spec: ActionSpec, parameter: string): boolean {
  return spec.parameters.some(({ name }) => name === parameter);
}

interface AuditFacts {
  readonly kind: AuditKind;
  readonly name: ActionName;
  readonly call: ActionCall;
  readonly code?: string;
}

/** What was asked for, in the parameters that the action takes: none of them is a secret, pictures are left out. */
function auditEvent({ kind, name, call, code }: AuditFacts): AuditEvent {
  const { requestId, caller, peer, parameters } = call;
  const told = ACTIONS[name].parameters.flatMap(({ name: parameter, type }) => {
    const value = parameters.text.get(parameter);
    return value === undefined || type === 'picture' ? [] : [[parameter, value] as const];
  });
  return {
    kind,
    action: name,
    key: caller.accessKeyId,
    requestId,
    ...(peer !== undefined && { peer }),
    parameters: Object.fromEntries(told),
    ...(code !== undefined && { code }),
  };
}

/** What came of it, from the answer's own fields. */
function resultOf(body: Readonly<Record<string, unknown>>): Pick<AuditEvent, 'result'> {
  const data = body['Data'] as
    | { readonly Removed?: number; readonly PicNames?: readonly string[] }
    | undefined;
  const key = body['AccessKey'] as { readonly AccessKeyId: string } | undefined;
  const removed = data?.Removed ?? data?.PicNames?.length;
  if (removed !== undefined) return { result: { removed } };
  return key === undefined ? {} : { result: { accessKeyId: key.AccessKeyId } };
}
