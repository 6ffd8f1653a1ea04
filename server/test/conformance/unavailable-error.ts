/** Why an SDK is not to be had here: its tool is missing, or its registry does not give it. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}

/** What the registries' clients say, and what it means. */
const REASONS: readonly (readonly [said: RegExp, reason: string])[] = [
  [/checksum|verifying module|sumdb/iu, 'the checksum database does not know it'],
  [
    /ETARGET|E404|No matching distribution|Could not find artifact|not available/iu,
    'the registry does not have it',
  ],
];
const MAX_REASON_CHARACTERS = 120;

/** @param error what ended `command`; no address of a registry is repeated */
export function unavailableBecause(command: string, error: unknown): UnavailableError {
  const {
    code,
    stderr = '',
    stdout = '',
  } = error as {
    readonly code?: unknown;
    readonly stderr?: string;
    readonly stdout?: string;
  };
  if (code === 'ENOENT')
    return new UnavailableError(`${command} is not installed`, { cause: error });
  const said = `${stderr}\n${stdout}`;
  const [, missing] = /No matching version found for (\S+[^.\s])/u.exec(said) ?? [];
  if (missing !== undefined) {
    return new UnavailableError(`the registry does not have ${missing}`, { cause: error });
  }
  const [, reason] = REASONS.find(([pattern]) => pattern.test(said)) ?? [];
  const line = said.split('\n').find((text) => /error/iu.test(text)) ?? 'it said nothing';
  const shown = line.replaceAll(/https?:\/\/\S+/gu, '…').slice(0, MAX_REASON_CHARACTERS);
  return new UnavailableError(reason ?? `${command} failed: ${shown.trim()}`, { cause: error });
}
