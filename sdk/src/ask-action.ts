import { ACTIONS, API_VERSIONS } from '@likeness/shared/api';
import type { ActionName } from '@likeness/shared/api';

import type { CallOptions } from './client-options.ts';
import { send } from './connection.ts';
import type { Connection } from './connection.ts';
import { writeParameters } from './parameters.ts';
import { isRepeatable } from './repeatable.ts';
import { signActionWithRpcV1, signWithAcs3, writeAction } from './signer.ts';
import type { Try } from './signer.ts';

/**
 * What an action of the RPC API answers, in wire names.
 *
 * @throws {TypeError} without a key: only libraries can be asked without one.
 */
export async function askAction(
  action: ActionName,
  request: object,
  { connection, signal }: CallOptions & { readonly connection: Connection },
): Promise<unknown> {
  const { credentials, endpoint, signature } = connection;
  if (credentials === undefined) {
    throw new TypeError(`${action} needs a key: give the client accessKeyId and accessKeySecret`);
  }
  const { isAdministration } = ACTIONS[action];
  const unsigned = {
    action,
    version: isAdministration ? API_VERSIONS.ADMINISTRATION : API_VERSIONS.CURRENT,
    parameters: await writeParameters(action, request),
  };
  const written = writeAction(unsigned, endpoint);
  const call = {
    write: (attempt: Try) =>
      signature === 'rpc-v1'
        ? signActionWithRpcV1(unsigned, attempt, { endpoint, credentials })
        : signWithAcs3(written, attempt, credentials),
    repeatable: isRepeatable(action),
    signal,
  };
  return send(call, connection);
}
