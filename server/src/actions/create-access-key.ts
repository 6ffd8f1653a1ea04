import { formatAccessKey, readNewKeySettings } from './access-key-fields.ts';
import type { Action } from './action.ts';
import { written } from './responses.ts';

/** Makes a key. Its secret is in this answer and nowhere else. */
export const createAccessKey: Action = async ({ parameters }, { accessKeys }) => {
  const { key, accessKeySecret } = await accessKeys.create(readNewKeySettings(parameters));
  return {
    ...written(),
    AccessKey: { ...formatAccessKey(key), AccessKeySecret: accessKeySecret },
  };
};
