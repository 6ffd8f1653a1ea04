import type { UploadName } from './upload-address.ts';

/*
 * An upload's file says all there is to know of it, so that the folder alone tells what to sweep:
 *
 *     {owner}-{id}-{when it goes, milliseconds since 1970}[-used]
 *     {owner}-{id}.part    while it arrives
 */
const FILE_NAME = /^([0-9a-f]{16})-([0-9a-f]{32})-(\d{1,15})(-used)?$/u;

/** When an upload goes, and whether a request that used it succeeded. */
export interface UploadState {
  readonly expiresMs: number;
  readonly isUsed: boolean;
}

export function formatFileName(
  { owner, id }: UploadName,
  { expiresMs, isUsed }: UploadState,
): string {
  return `${owner}-${id}-${expiresMs}${isUsed ? '-used' : ''}`;
}

/** Undefined for what {@link formatFileName} did not write. */
export function parseFileName(file: string): (UploadName & UploadState) | undefined {
  const [, owner, id, expires, used] = FILE_NAME.exec(file) ?? [];
  if (owner === undefined || id === undefined) return undefined;
  return { owner, id, expiresMs: Number(expires), isUsed: used !== undefined };
}

export function formatPartName({ owner, id }: UploadName): string {
  return `${owner}-${id}.part`;
}
