import type { Action } from './action.ts';
import { readAttributes, readCustomContent, readImageKey } from './image-parameters.ts';
import { callOptions, findForWork } from './instance.ts';
import { written } from './responses.ts';

/** Changes what was sent of a stored picture's attributes; the rest stays as it is. */
export const updateImage: Action = async (call, services) => {
  const { parameters } = call;
  const instance = findForWork(call, services, 'delete');
  const customContent = readCustomContent(parameters);
  const update = {
    ...readImageKey(parameters),
    ...(customContent !== undefined && { customContent }),
    attributes: readAttributes(parameters),
  };
  await services.catalog.updateImage(instance, update, callOptions(call));
  return written();
};
