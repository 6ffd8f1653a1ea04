import { parameterOf, singleHeader, type SignedRequest } from './signed-request.ts';

/** How a request says who sent it. */
export type Scheme = 'acs3' | 'roa-v1' | 'rpc-v1' | 'bearer' | 'unsigned';

/** Tells the scheme (docs/wire-protocol.md, Which signature). Only names are looked at: nothing is verified. */
export function detectScheme(request: SignedRequest): Scheme {
  const authorization = singleHeader(request.headers, 'authorization') ?? '';
  if (authorization.startsWith('ACS3-')) return 'acs3';
  if (authorization.startsWith('acs ')) return 'roa-v1';
  if (parameterOf(request, 'Signature') !== undefined) return 'rpc-v1';
  if (isBearer(request)) return 'bearer';
  return 'unsigned';
}

function isBearer(request: SignedRequest): boolean {
  return (
    singleHeader(request.headers, 'x-acs-bearer-token') !== undefined ||
    singleHeader(request.headers, 'x-acs-zero-trust-idtoken') !== undefined ||
    parameterOf(request, 'BearerToken') !== undefined ||
    parameterOf(request, 'SignatureType') === 'BEARERTOKEN'
  );
}
