import type { Action } from './action.ts';
import { readImageKey } from './image-parameters.ts';
import { findInstance } from './instance.ts';
import { formatImage, found } from './responses.ts';

/** Whether a key is taken, and what is stored under it. `Auctions` is one object, as the vendor has it. */
export const checkImageExists: Action = async (call, services) => {
  const instance = findInstance(call, services);
  const image = await services.catalog.getImage(instance, readImageKey(call.parameters));
  return {
    ...found(),
    Exists: image !== undefined,
    Auctions: image === undefined ? {} : formatImage(image),
  };
};
