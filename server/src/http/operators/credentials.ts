/** Who asks the operator API (ARCHITECTURE.md §6, operator API without credentials). */
import type { IncomingMessage } from 'node:http';

import { ApiError } from '@likeness/shared/errors';

import type { Caller } from '../../actions/action.ts';
import type { Authenticator, OnClaim } from '../../auth/authenticator.ts';
import type { AuditLog } from '../../log/audit-log.ts';
import type { RequestLog } from '../../log/request-log.ts';
import { auditDenials } from '../denials.ts';
import { strangenessOf } from '../local-request.ts';
import type { Body } from '../read-body.ts';
import { parseRequestTarget } from '../request-target.ts';
import { signableHeaders } from '../signable-headers.ts';
import { isAcceptedType } from './content-types.ts';

export interface CredentialsOptions {
  readonly authenticator: Pick<Authenticator, 'authenticatePath' | 'authenticateBearer'>;
  readonly audit: Pick<AuditLog, 'note'>;
  /** Why everybody needs a key; undefined where programs on this machine need none. */
  readonly keyRequirement: string | undefined;
  /** Whose key signs addresses of thumbnails for them. */
  readonly rootKeyId: string;
}

/** What logs call a caller without a key. */
const LOOPBACK_CALLER = 'loopback';
const UNAUTHORIZED_STATUS = 401;

/** Learns who sent a request, before anything of its body is looked at. */
export class OperatorCredentials {
  readonly #options: CredentialsOptions;
  readonly #loopback: Caller;

  constructor(options: CredentialsOptions) {
    this.#options = options;
    this.#loopback = {
      accessKeyId: LOOPBACK_CALLER,
      linkKeyId: options.rootKeyId,
      rights: { role: 'admin', scopes: [{ facade: 'library', name: '', isPrefix: true }] },
    };
  }

  /**
   * By key if the request names one, else by where it comes from.
   *
   * @param operation what the audit log calls a use that is refused
   * @throws {ApiError} `MissingAccessKeyId` saying why a key is needed; as `Authenticator`
   */
  async identify(
    request: IncomingMessage,
    body: Pick<Body, 'sha256'>,
    { operation, log }: { readonly operation: string; readonly log: RequestLog },
  ): Promise<Caller> {
    if (request.headers.authorization === undefined) return this.#admitLocal(request);
    const { accessKeyId, rights } = await auditDenials(
      this.#options.audit,
      { action: operation, log },
      (onClaim) => this.#authenticate(request, body, onClaim),
    );
    return { accessKeyId, rights };
  }

  #authenticate(
    request: IncomingMessage,
    { sha256 }: Pick<Body, 'sha256'>,
    onClaim: OnClaim,
  ): ReturnType<Authenticator['authenticateBearer']> {
    const { authenticator } = this.#options;
    const { authorization } = request.headers;
    if (!authorization?.startsWith('ACS3-')) {
      return authenticator.authenticateBearer(authorization, onClaim);
    }
    const signed = {
      method: request.method ?? '',
      ...parseRequestTarget(request.url ?? ''),
      headers: signableHeaders(request.rawHeaders),
      bodySha256: sha256,
    };
    return authenticator.authenticatePath(signed, onClaim);
  }

  #admitLocal(request: IncomingMessage): Caller {
    const { keyRequirement } = this.#options;
    if (keyRequirement !== undefined) throw missingKey(keyRequirement);
    const strangeness = strangenessOf(request);
    if (strangeness !== undefined) throw missingKey(`this request ${strangeness}`);
    if (request.method === 'POST' && !isAcceptedType(request)) {
      throw missingKey('without one a body must be JSON or multipart/form-data');
    }
    return this.#loopback;
  }
}

function missingKey(reason: string): ApiError {
  return new ApiError('MissingAccessKeyId', {
    status: UNAUTHORIZED_STATUS,
    message: `This needs a key (Authorization: Bearer ID:SECRET, or a signature): ${reason}.`,
  });
}
