import { DEFAULT_SETTINGS } from '../catalog/default-settings.ts';
import type { Action } from './action.ts';
import { readNewName, readServiceType, readSettings } from './instance-settings.ts';
import { formatInstance, written } from './responses.ts';

/** Makes an empty instance; `InstanceAlreadyExists` is the catalog's to throw. Its service type never changes. */
export const createInstance: Action = async ({ parameters }, { catalog }) => {
  const name = readNewName(parameters);
  const serviceType = readServiceType(parameters);
  const settings = readSettings(parameters);
  const instance = await catalog.createCollection({
    ...DEFAULT_SETTINGS,
    ...settings,
    facade: 'instance',
    name,
    serviceType: serviceType.id,
    mode: serviceType.wholePictureOnly ? 'whole' : 'subject',
  });
  return { ...written(), Instance: formatInstance(instance) };
};
