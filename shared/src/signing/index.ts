/** The three signatures clients use. Signing and verifying share the steps; the hash is an argument. */
export {
  ACS3_ALGORITHM,
  acs3Authorization,
  acs3CanonicalRequest,
  acs3Signature,
  acs3StringToSign,
  parseAcs3Authorization,
  signAcs3,
  type Acs3Authorization,
  type Acs3Request,
} from './acs3.ts';
export type { Credentials } from './credentials.ts';
export type { HashFunctions } from './hash-functions.ts';
export type { SignableHeaders } from './headers.ts';
export type { Pairs } from './pairs.ts';
export {
  parseRoaV1Authorization,
  roaV1Signature,
  roaV1StringToSign,
  type RoaV1Authorization,
  type RoaV1Request,
} from './roa-v1.ts';
export {
  rpcV1CanonicalizedQuery,
  rpcV1Signature,
  rpcV1StringToSign,
  signRpcV1,
  type RpcV1Request,
  type RpcV1SignatureMethod,
  type RpcV1StringOptions,
} from './rpc-v1.ts';
