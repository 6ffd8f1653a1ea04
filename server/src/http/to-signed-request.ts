import type { IncomingMessage } from 'node:http';

import type { SignedForm, SignedRequest } from '../auth/signed-request.ts';
import type { Body } from './read-body.ts';
import { parseRequestTarget } from './request-target.ts';
import { signableHeaders } from './signable-headers.ts';

/** A request as its signature sees it. */
export function toSignedRequest(
  request: Pick<IncomingMessage, 'method' | 'url' | 'rawHeaders'>,
  body: Pick<Body, 'sha256' | 'md5'>,
  form: SignedForm,
): SignedRequest {
  return {
    method: request.method ?? '',
    ...parseRequestTarget(request.url ?? ''),
    headers: signableHeaders(request.rawHeaders),
    bodySha256: body.sha256,
    ...(body.md5 === undefined ? {} : { bodyMd5: body.md5 }),
    form,
  };
}
