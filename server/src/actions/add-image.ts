import type { Action } from './action.ts';
import {
  readAttributes,
  readCustomContent,
  readFraming,
  readImageKey,
} from './image-parameters.ts';
import { callOptions, findForWork } from './instance.ts';
import { readPicContent } from './picture-parameter.ts';
import { formatPicInfo, written } from './responses.ts';

/** Stores a picture under its key, in place of the one that was there. */
export const addImage: Action = async (call, services) => {
  const { parameters } = call;
  const instance = findForWork(call, services, 'add');
  const image = {
    ...readImageKey(parameters),
    ...readFraming(parameters),
    customContent: readCustomContent(parameters) ?? '',
    attributes: readAttributes(parameters),
    picture: await readPicContent(call),
  };
  const findings = await services.catalog.addImage(instance, image, callOptions(call));
  return { ...written(), PicInfo: formatPicInfo(instance, findings) };
};
