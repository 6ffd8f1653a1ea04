import { LIMITS } from '@likeness/shared/api';
import { ApiError } from '@likeness/shared/errors';

import type { CallOptions, CollectionInfo } from '../catalog/catalog.ts';
import type { ActionCall, ActionServices } from './action.ts';
import { requireText } from './parameters.ts';

/**
 * The instance that `InstanceName` names, whatever its status: the catalog refuses work on one that is not ready.
 *
 * @throws {ApiError} `InvalidInstanceName` if absent, `InvalidInstance` if there is none
 */
export function findInstance(call: ActionCall, { catalog }: ActionServices): CollectionInfo {
  const name = requireText(call.parameters, 'InstanceName', 'InvalidInstanceName');
  if (name.length > LIMITS.MAX_INSTANCE_NAME_LENGTH) throw new ApiError('InvalidInstance');
  return catalog.collection('instance', name);
}

/** The setting that each kind of work on an instance counts towards: updates go with deletes. */
const RATES = { search: 'qps', add: 'addQps', delete: 'deleteQps' } as const;

/**
 * The instance to work on, which counts towards the rate of that kind of work.
 *
 * @throws {ApiError} as {@link findInstance}; `DeniedRequest` above the rate
 */
export function findForWork(
  call: ActionCall,
  services: ActionServices,
  work: keyof typeof RATES,
): CollectionInfo {
  const instance = findInstance(call, services);
  const perSecond = instance[RATES[work]];
  const retryAfterMs = services.instanceRates.take(`${work}:${instance.id}`, perSecond);
  if (retryAfterMs !== undefined) throw new ApiError('DeniedRequest', { retryAfterMs });
  return instance;
}

/** What the catalog takes from a call. */
export function callOptions({ signal, onStage }: ActionCall): CallOptions {
  return { signal, onStage };
}
