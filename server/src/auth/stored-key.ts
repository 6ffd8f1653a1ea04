import { formatScope, parseScope, ROLES, type Role } from '@likeness/shared/api';

import type { AccessKeySettings } from './access-key.ts';
import { openText, sealText, type MasterKey } from './secret-box.ts';

/** A key in memory: everything but when it was used. */
export interface HeldKey extends AccessKeySettings {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly createdMs: number;
}

/** What stands beside the sealed secret, and is authenticated with it. */
interface Clear {
  readonly name: string;
  readonly role: string;
  readonly scopes: readonly string[];
  readonly rate: number;
  readonly expiresMs: number;
  readonly isEnabled: boolean;
  readonly createdMs: number;
}

/** Writes a key, its secret sealed. */
export function formatStoredKey(key: HeldKey, masterKey: MasterKey): string {
  const clear: Clear = {
    name: key.name,
    role: key.role,
    scopes: key.scopes.map(formatScope),
    rate: key.rate,
    expiresMs: key.expiresMs,
    isEnabled: key.isEnabled,
    createdMs: key.createdMs,
  };
  const sealed = sealText(key.accessKeySecret, contextOf(key.accessKeyId, clear), masterKey);
  return JSON.stringify({ ...clear, sealed });
}

/** Reads a key; undefined where this master key did not seal just this. */
export function parseStoredKey(
  accessKeyId: string,
  text: string,
  masterKey: MasterKey,
): HeldKey | undefined {
  const { sealed, ...clear } = JSON.parse(text) as Clear & { readonly sealed: string };
  const accessKeySecret = openText(sealed, contextOf(accessKeyId, clear), masterKey);
  const role = ROLES.find((each) => each === clear.role);
  if (accessKeySecret === undefined || role === undefined) return undefined;
  return {
    ...clear,
    role: role satisfies Role,
    scopes: readScopes(clear),
    accessKeyId,
    accessKeySecret,
  };
}

function readScopes({ scopes }: Clear): AccessKeySettings['scopes'] {
  return scopes.flatMap((text) => parseScope(text) ?? []);
}

/** The order is fixed, whatever the order of the JSON. */
function contextOf(accessKeyId: string, clear: Clear): string {
  const { name, role, scopes, rate, expiresMs, isEnabled, createdMs } = clear;
  return JSON.stringify([accessKeyId, name, role, scopes, rate, expiresMs, isEnabled, createdMs]);
}
