/** The parameters that say what a key may, and how answers show one. */
import { formatScope, LIMITS, parseScope, ROLES, type Role } from '@likeness/shared/api';
import { invalidParameter, missingParameter } from '@likeness/shared/errors';

import type { AccessKey, AccessKeySettings } from '../auth/access-key.ts';
import type { RequestParameters } from './action.ts';
import { readBoolean, readInteger, type IntegerRange } from './parameters.ts';
import type { Body } from './responses.ts';

const RATE_RANGE = { min: 0, max: LIMITS.MAX_QPS };
/** To the last millisecond that a date can tell. */
const TIME_RANGE = { min: 0, max: 8.64e15 };

/** Those that were sent. @throws {ApiError} `Invalid<name>` */
export function readKeySettings(parameters: RequestParameters): Partial<AccessKeySettings> {
  const { text } = parameters;
  const count = (name: string, range: IntegerRange): number | undefined =>
    readInteger(parameters, name, range, (expected) => invalidParameter(name, expected));
  const name = text.get('Name');
  if (name !== undefined && name.length > LIMITS.MAX_KEY_NAME_LENGTH) {
    throw invalidParameter('Name', `at most ${LIMITS.MAX_KEY_NAME_LENGTH} characters`);
  }
  const role = readRole(text.get('Role'));
  const scopes = readScopes(text.get('Scopes'));
  const rate = count('Rate', RATE_RANGE);
  const expiresMs = count('UtcExpireTime', TIME_RANGE);
  const isEnabled = readBoolean(parameters, 'Enabled');
  return {
    ...(name !== undefined && { name }),
    ...(role !== undefined && { role }),
    ...(scopes !== undefined && { scopes }),
    ...(rate !== undefined && { rate }),
    ...(expiresMs !== undefined && { expiresMs }),
    ...(isEnabled !== undefined && { isEnabled }),
  };
}

/** Of a new key: what it may is never guessed. @throws {ApiError} also `MissingRole`, `MissingScopes` */
export function readNewKeySettings(parameters: RequestParameters): AccessKeySettings {
  const { role, scopes, ...given } = readKeySettings(parameters);
  if (role === undefined) throw missingParameter('Role');
  if (scopes === undefined) throw missingParameter('Scopes');
  return { name: '', rate: 0, expiresMs: 0, isEnabled: true, ...given, role, scopes };
}

/** A key as its operator sees it. */
export function formatAccessKey(key: AccessKey): Body {
  const { expiresMs, lastUsedMs } = key;
  return {
    AccessKeyId: key.accessKeyId,
    Name: key.name,
    Role: key.role,
    Scopes: key.scopes.map(formatScope),
    Rate: key.rate,
    Status: key.status,
    Enabled: key.isEnabled,
    UtcCreate: String(key.createdMs),
    UtcExpireTime: expiresMs === 0 ? '' : String(expiresMs),
    UtcLastUsed: lastUsedMs === undefined ? '' : String(lastUsedMs),
  };
}

function readRole(text: string | undefined): Role | undefined {
  const role = ROLES.find((each) => each === text?.toLowerCase());
  if (text !== undefined && role === undefined) {
    throw invalidParameter('Role', `one of ${ROLES.join(', ')}`);
  }
  return role;
}

function readScopes(text: string | undefined): AccessKeySettings['scopes'] | undefined {
  if (text === undefined) return undefined;
  const scopes = text.split(',', LIMITS.MAX_SCOPES + 1).map((each) => parseScope(each.trim()));
  const known = scopes.filter((each) => each !== undefined);
  if (known.length === scopes.length && known.length <= LIMITS.MAX_SCOPES) return known;
  throw invalidParameter(
    'Scopes',
    `up to ${LIMITS.MAX_SCOPES} like instance:shoes, instance:shop-* or library:*, with commas between them`,
  );
}
