import { ApiError, missingParameter } from '@likeness/shared/errors';

import { readAcs3Claim } from './acs3.ts';
import { requireActive, type Credential, type CredentialStore } from './credentials.ts';
import { countUse, type KeyUse } from './key-use.ts';
import type { NonceLedger } from './nonce-ledger.ts';
import { readRoaV1Claim } from './roa-v1.ts';
import { readRpcV1Claim } from './rpc-v1.ts';
import type { Scheme } from './scheme.ts';
import type { Claim, SignedRequest } from './signed-request.ts';
import { checkWindow, expiredTimestamp, formatTimestamp } from './timestamps.ts';

export interface AuthenticatorOptions extends KeyUse {
  readonly credentials: CredentialStore;
  readonly nonces: NonceLedger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

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
   * @param scheme what `detectScheme` told, by which the action was named as well
   * @param onClaim told the key that the request says it is of, before anything is verified
   * @throws {ApiError} the gateway codes: docs/wire-protocol.md, Order of checks.
   */
  async authenticate(
    request: SignedRequest,
    scheme: Scheme,
    onClaim: (accessKeyId: string) => void = () => {},
  ): Promise<Credential> {
    const claim = readClaim(scheme, request);
    onClaim(claim.accessKeyId);
    this.#checkTime(claim);
    const credential = await requireActive(this.#options.credentials, claim.accessKeyId);
    if (claim.hasSecurityToken) throw new ApiError('InvalidSecurityToken.Malformed');
    await claim.verify(credential.accessKeySecret);
    // Only now: whoever cannot sign must not be able to burn another's nonces.
    await this.#useNonce(claim);
    // After the nonce: a request that is sent again must not use up another's rate.
    countUse(this.#options, credential);
    return credential;
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

  async #useNonce({ accessKeyId, nonce }: Claim): Promise<void> {
    const outcome = await this.#options.nonces.use(accessKeyId, nonce);
    if (outcome === 'used') throw new ApiError('SignatureNonceUsed');
    if (outcome === 'full') {
      throw new ApiError('Throttling.User', { retryAfterMs: NONCE_RETRY_AFTER_MS });
    }
  }
}

function readClaim(scheme: Scheme, request: SignedRequest): Claim {
  switch (scheme) {
    case 'acs3':
      return readAcs3Claim(request);
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
