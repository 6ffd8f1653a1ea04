import type { Config } from '../../config/config.ts';
import { isLoopback } from '../local-request.ts';

export type KeyRequirementConfig = Pick<
  Config,
  'operatorAuth' | 'host' | 'trustedProxies' | 'publicUrl'
>;

/**
 * Why everybody needs a key for the operator API; undefined where programs on this machine need none, for the port
 * can be reached from here alone (ARCHITECTURE.md §6, operator API without credentials).
 */
export function keyRequirement(config: KeyRequirementConfig): string | undefined {
  const { operatorAuth, host, trustedProxies, publicUrl } = config;
  if (operatorAuth === 'required') return 'LIKENESS_OPERATOR_AUTH is required';
  if (!isLoopback(host)) return `the server listens on ${host}`;
  // What a proxy passes on comes from this machine, and is not from here.
  if (trustedProxies.length > 0) return 'LIKENESS_TRUSTED_PROXIES names a proxy';
  if (publicUrl !== undefined && !isLoopback(hostOf(publicUrl))) {
    return 'LIKENESS_PUBLIC_URL says that clients come from elsewhere';
  }
  return undefined;
}

function hostOf(url: string): string {
  return new URL(url).hostname.replaceAll(/[[\]]/gu, '');
}
