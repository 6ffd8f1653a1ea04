import type { Role, Scope } from '@likeness/shared/api';

/** What the operator decides about a key, and may change. */
export interface AccessKeySettings {
  /** What people call it. */
  readonly name: string;
  readonly role: Role;
  readonly scopes: readonly Scope[];
  /** Requests a second; 0 is unlimited. */
  readonly rate: number;
  /** Milliseconds since 1970; 0 is never. */
  readonly expiresMs: number;
  readonly isEnabled: boolean;
}

/** A key that was created, without its secret. */
export interface AccessKey extends AccessKeySettings {
  readonly accessKeyId: string;
  readonly createdMs: number;
  /** When a request of it was last taken; undefined if never. */
  readonly lastUsedMs: number | undefined;
  readonly status: 'active' | 'disabled' | 'expired';
}

/** What becomes of a key as time goes by. */
export function statusOf(
  { expiresMs, isEnabled }: AccessKeySettings,
  nowMs: number,
): AccessKey['status'] {
  if (expiresMs !== 0 && nowMs >= expiresMs) return 'expired';
  return isEnabled ? 'active' : 'disabled';
}
