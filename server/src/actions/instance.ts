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

/**
 * The instance to search, which counts towards its Qps.
 *
 * @throws {ApiError} as {@link findInstance}; `DeniedRequest` above its Qps
 */
export function findForSearch(call: ActionCall, services: ActionServices): CollectionInfo {
  const instance = findInstance(call, services);
  const retryAfterMs = services.searchRates.take(`search:${instance.id}`, instance.qps);
  if (retryAfterMs !== undefined) throw new ApiError('DeniedRequest', { retryAfterMs });
  return instance;
}

/** What the catalog takes from a call. */
export function callOptions({ signal, onStage }: ActionCall): CallOptions {
  return { signal, onStage };
}
