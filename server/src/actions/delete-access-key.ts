import type { Action } from './action.ts';
import { requireText } from './parameters.ts';
import { written } from './responses.ts';

/** Removes a key: requests that it signs are refused from now on. */
export const deleteAccessKey: Action = async ({ parameters }, { accessKeys }) => {
  await accessKeys.remove(requireText(parameters, 'UserAccessKeyId'));
  return written();
};
