import { API_VERSIONS } from '@likeness/shared/api';
import { ApiError, missingParameter } from '@likeness/shared/errors';

import type { Action } from '../actions/action.ts';
import type { Scheme } from '../auth/scheme.ts';
import { parameterOf, singleHeader, type SignedRequest } from '../auth/signed-request.ts';

/** Which action a request asks for, before it is known whether there is one. */
export interface OperationName {
  readonly version: string;
  readonly name: string;
}

/** Throws the `ApiError`s `InvalidVersion` and `InvalidAction.NotFound`. */
export type FindAction = (version: string, name: string) => Action;

/** The actions of the 2019-03-25 API, by path. */
const ROA_ACTIONS: ReadonlyMap<string, string> = new Map([
  ['/v2/image/add', 'AddImage'],
  ['/v2/image/search', 'SearchImage'],
  ['/v2/image/delete', 'DeleteImage'],
]);

/** The paths that {@link nameOperation} knows besides `/`. */
export const ROA_PATHS: readonly string[] = [...ROA_ACTIONS.keys()];

/**
 * Reads action and version from where the signature covers them: headers for ACS3, parameters for
 * RPC v1, the path for ROA. A request without a good signature is refused later, by whatever it names.
 *
 * @throws {ApiError} `MissingAction`, `MissingVersion`; `IncompleteSignature` for a scheme that does not
 *   cover this path.
 */
export function nameOperation(request: SignedRequest, scheme: Scheme): OperationName {
  const roaAction = ROA_ACTIONS.get(request.path);
  const header = singleHeader(request.headers, 'x-acs-version');
  if (roaAction !== undefined) {
    if (scheme === 'rpc-v1') throw new ApiError('IncompleteSignature');
    return { name: roaAction, version: header ?? API_VERSIONS.ROA };
  }
  if (scheme === 'roa-v1') throw new ApiError('IncompleteSignature');
  const read = (parameter: string, headerName: string): string => {
    const inHeader = scheme === 'rpc-v1' ? undefined : singleHeader(request.headers, headerName);
    const inParameter = scheme === 'acs3' ? undefined : parameterOf(request, parameter);
    const value = inParameter ?? inHeader;
    if (value === undefined) throw missingParameter(parameter);
    return value;
  };
  return { name: read('Action', 'x-acs-action'), version: read('Version', 'x-acs-version') };
}
