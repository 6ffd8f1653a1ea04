import { ACTIONS, type ActionName, type ActionSpec } from '@likeness/shared/api';
import { ApiError } from '@likeness/shared/errors';

import type { CollectionName } from '../auth/rights.ts';
import type { AuditEvent, AuditKind } from '../log/audit-log.ts';
import type { Action, ActionCall } from './action.ts';
import { runAuthorized, type Use } from './authorized-use.ts';
import { noSuchLibrary } from './libraries/library.ts';
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
  return (call, services) => {
    const named = collectionsOf(spec, call);
    const use: Use<Record<string, unknown>> = {
      name,
      asked: {
        role: spec.role,
        collections: ABOUT_EVERY.has(name) ? 'every' : named,
        creates: name === 'CreateInstance',
      },
      absent: () => absentOf(named),
      auditKind: auditKind(spec, call),
      tell: () => toldParameters(spec, call),
      resultOf,
    };
    return runAuthorized(use, call, services.audit, () => action(call, services));
  };
}

function absentOf(named: readonly CollectionName[]): ApiError {
  const library = named.find(({ facade }) => facade === 'library');
  return library === undefined ? new ApiError('InvalidInstance') : noSuchLibrary(library.name);
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

/** The parameters that the action takes: none of them is a secret, pictures are left out. */
function toldParameters(spec: ActionSpec, { parameters }: ActionCall): Record<string, string> {
  const told = spec.parameters.flatMap(({ name, type }) => {
    const value = parameters.text.get(name);
    return value === undefined || type === 'picture' ? [] : [[name, value] as const];
  });
  return Object.fromEntries(told);
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
