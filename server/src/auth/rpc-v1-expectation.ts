import { rpcV1Signature, rpcV1StringToSign, type Pairs } from '@likeness/shared/signing';

import { NODE_HASHES } from './node-hashes.ts';
import {
  MAX_STRING_TO_SIGN_SHOWN,
  type RpcV1Expectation,
  type RpcV1SigningRequest,
} from './signed-request.ts';

/** What the server calculates for query and form, in both readings of empty values. */
export function expectRpcV1(request: RpcV1SigningRequest, form: Pairs): RpcV1Expectation {
  const { method, query, secret, signatureMethod } = request;
  const params = [...query, ...form];
  const signed = rpcV1StringToSign(method, params, { emptyValues: 'signed' });
  const sign = (text: string): string => rpcV1Signature(text, secret, signatureMethod, NODE_HASHES);
  const signatures = [sign(signed)];
  if (params.some(([, value]) => value === '')) {
    signatures.push(sign(rpcV1StringToSign(method, params, { emptyValues: 'left-out' })));
  }
  return { signatures, stringToSign: signed.slice(0, MAX_STRING_TO_SIGN_SHOWN) };
}
