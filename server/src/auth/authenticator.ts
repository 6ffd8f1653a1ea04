import { ApiError, missingParameter } from '@likeness/shared/errors';

import { readAcs3Claim, type Acs3Signed } from './acs3.ts';
import { claimedBearerId, requireBearerKey } from './bearer-key.ts';
import { requireActive, type Credential, type CredentialStore } from './credentials.ts';
import type { NonceLedger } from './nonce-ledger.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { readRoaV1Claim } from './roa-v1.ts';
import { readRpcV1Claim } from './rpc-v1.ts';
import type { Scheme } from './scheme.ts';
import type { Claim, SignedRequest } from './signed-request.ts';
import { checkWindow, expiredTimestamp, formatTimestamp } from './timestamps.ts';

export interface AuthenticatorOptions {
  readonly credentials: CredentialStore;
  readonly nonces: NonceLedger;
  /** Holds every key to its rate. */
  readonly rates: Pick<RateLimiter, 'take'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Told the key that a request says it is of, before anything is verified. */
export type OnClaim = (accessKeyId: string) => void;

/** What a client whose nonces fill the ledger waits before it asks again. */
const NONCE_RETRY_AFTER_MS = 60_000;

/**
 * Answers who sent a request, or refuses it: the one place that knows the order of checks
 * (docs/wire-protocol.md, Order of checks; that action and version exist was checked before).
 */
export class Authenticator {
  readonly #options: AuthenticatorOptions;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  /**
   * Of a request whose action is named in headers or parameters.
   *
   * @param scheme what `detectScheme` told, by which the action was named as well
   * @throws {ApiError} the gateway codes: docs/wire-protocol.md, Order of checks.
   */
  async authenticate(
    request: SignedRequest,
    scheme: Scheme,
    onClaim: OnClaim = () => {},
  ): Promise<Credential> {
    return this.#admit(readClaim(scheme, request), onClaim);
  }

  /**
   * Of a request whose method and path say what is asked for, signed with ACS3.
   *
   * @throws {ApiError} as {@link authenticate}
   */
  async authenticatePath(request: Acs3Signed, onClaim: OnClaim): Promise<Credential> {
    return this.#admit(readAcs3Claim(request, 'path'), onClaim);
  }

  /**
   * Of a request that shows a key's secret: `Authorization: Bearer ID:SECRET`.
   *
   * @throws {ApiError} as `requireBearerKey`; `Throttling.User` above the key's rate
   */
  async authenticateBearer(
    authorization: string | undefined,
    onClaim: OnClaim,
  ): Promise<Credential> {
    onClaim(claimedBearerId(authorization));
    const credential = await requireBearerKey(authorization, this.#options.credentials);
    return this.#take(credential);
  }

  async #admit(claim: Claim, onClaim: OnClaim): Promise<Credential> {
    onClaim(claim.accessKeyId);
    this.#checkTime(claim);
    const credential = await requireActive(this.#options.credentials, claim.accessKeyId);
    if (claim.hasSecurityToken) throw new ApiError('InvalidSecurityToken.Malformed');
    await claim.verify(credential.accessKeySecret);
    // Only now: whoever cannot sign must not be able to burn another's nonces.
    await this.#useNonce(claim);
    // After the nonce: a request that is sent again must not use up another's rate.
    return this.#take(credential);
  }

  #checkTime({ signedAtMs }: Claim): void {
    const nowMs = this.#options.now();
    checkWindow(signedAtMs, nowMs);
    const floorMs = this.#options.nonces.refusesBeforeMs;
    // A timestamp says whole seconds, so the second of the start itself passes.
    if (floorMs === undefined || signedAtMs >= Math.floor(floorMs / 1000) * 1000) return;
    throw expiredTimestamp(
      `Requests dated before ${formatTimestamp(floorMs)} are refused: what was used until then is not known.`,
      nowMs,
    );
  }

  /** Counts the request towards its key's rate, and as the key's last use. */
  #take(credential: Credential): Credential {
    const { accessKeyId, rate } = credential;
    const retryAfterMs = this.#options.rates.take(`key:${accessKeyId}`, rate);
    if (retryAfterMs !== undefined) throw new ApiError('Throttling.User', { retryAfterMs });
    this.#options.credentials.noteUsed(accessKeyId);
    return credential;
  }

  async #useNonce({ accessKeyId, nonce, nonceAdvice: message }: Claim): Promise<void> {
    const outcome = await this.#options.nonces.use(accessKeyId, nonce);
    if (outcome === 'used')
      throw new ApiError('SignatureNonceUsed', message === undefined ? {} : { message });
    if (outcome === 'full') {
      throw new ApiError('Throttling.User', { retryAfterMs: NONCE_RETRY_AFTER_MS });
    }
  }
}

function readClaim(scheme: Scheme, request: SignedRequest): Claim {
  switch (scheme) {
    case 'acs3':
      return readAcs3Claim(request, 'action');
    case 'roa-v1':
      return readRoaV1Claim(request);
    case 'rpc-v1':
      return readRpcV1Claim(request);
    case 'bearer':
      throw new ApiError('InvalidSecurityToken.Malformed');
    case 'unsigned':
      throw missingParameter('AccessKeyId');
  }
}
