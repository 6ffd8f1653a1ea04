import { invalidParameter } from '@likeness/shared/errors';

import type { Action } from './action.ts';
import { readSettings } from './instance-settings.ts';
import { findInstance } from './instance.ts';
import { formatInstance, written } from './responses.ts';

/** Changes the settings that were sent; the others stay, the service type always. */
export const updateInstance: Action = async (call, services) => {
  const { name } = findInstance(call, services);
  if (call.parameters.text.has('ServiceType')) {
    throw invalidParameter('ServiceType', 'absent: it is fixed when the instance is created');
  }
  const changes = readSettings(call.parameters);
  const instance = await services.catalog.updateCollection('instance', name, changes);
  return { ...written(), Instance: formatInstance(instance) };
};
