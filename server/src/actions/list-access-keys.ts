import { formatAccessKey } from './access-key-fields.ts';
import type { Action } from './action.ts';
import { written } from './responses.ts';

/** Every key but the root key, oldest first. */
export const listAccessKeys: Action = async (_call, { accessKeys }) => ({
  ...written(),
  AccessKeys: accessKeys.list().map(formatAccessKey),
});
