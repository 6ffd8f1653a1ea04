import { LIMITS } from '@likeness/shared/api';
import { ApiError } from '@likeness/shared/errors';

import type { CallOptions, CollectionInfo } from '../catalog/catalog.ts';
import type { ActionCall, ActionServices, CallContext } from './action.ts';
import { takeRate, type Work } from './collection-rates.ts';
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

/**
 * The instance to work on, which counts towards the rate of that kind of work.
 *
 * @throws {ApiError} as {@link findInstance}; `DeniedRequest` above the rate
 */
export function findForWork(
  call: ActionCall,
  services: ActionServices,
  work: Work,
): CollectionInfo {
  const instance = findInstance(call, services);
  takeRate(instance, services, work);
  return instance;
}

/** What the catalog takes from a call. */
export function callOptions({ signal, onStage }: CallContext): CallOptions {
  return { signal, onStage };
}
