import type { Credentials } from '@likeness/shared/signing';

import { masterKeySource, rootKeyFile, type Telling } from '../key-sources.ts';

/** The server warns of what should be put right; nothing is made here. */
const SILENT: Telling = { show: async () => {}, warn: () => {} };

/**
 * The root key that a server keeps in its data folder; undefined where there is none, or it may not be read, or
 * the master key that seals it is not at hand.
 *
 * @param masterKey its hexadecimal digits; the file beside the folder holds it if absent
 */
export async function readStoredKey(
  dataDir: string,
  masterKey: string | undefined,
): Promise<Credentials | undefined> {
  const masterKeys = masterKeySource(
    { dataDir, ...(masterKey !== undefined && { masterKey }) },
    SILENT,
  );
  return rootKeyFile(dataDir, SILENT)
    .peek(masterKeys)
    .catch(() => undefined);
}
