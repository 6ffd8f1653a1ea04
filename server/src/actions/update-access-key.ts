import { formatAccessKey, readKeySettings } from './access-key-fields.ts';
import type { Action } from './action.ts';
import { requireText } from './parameters.ts';
import { written } from './responses.ts';

/** Changes what was sent of a key, at once; its secret never. */
export const updateAccessKey: Action = async ({ parameters }, { accessKeys }) => {
  const accessKeyId = requireText(parameters, 'UserAccessKeyId');
  const key = await accessKeys.update(accessKeyId, readKeySettings(parameters));
  return { ...written(), AccessKey: formatAccessKey(key) };
};
