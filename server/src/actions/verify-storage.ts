import type { Action } from './action.ts';
import { readBoolean } from './parameters.ts';
import { written } from './responses.ts';

/** Begins to read everything that is stored if told so, and tells how far that is and what it found. */
export const verifyStorage: Action = async ({ parameters }, { catalog }) => {
  if (readBoolean(parameters, 'Start') ?? false) catalog.verification.start();
  const { status, startedMs, endedMs, damage } = catalog.verification.state;
  return {
    ...written(),
    Verification: {
      Status: status,
      ...(startedMs !== undefined && { UtcStart: String(startedMs) }),
      ...(endedMs !== undefined && { UtcEnd: String(endedMs) }),
      Damage: damage.map(({ kind, name, detail, copiedTo, isMended }) => ({
        Kind: kind,
        Name: name,
        Detail: detail,
        IsMended: isMended === true,
        ...(copiedTo !== undefined && { CopiedTo: copiedTo }),
      })),
    },
  };
};
