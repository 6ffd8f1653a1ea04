import { createHash, createHmac } from 'node:crypto';

import type { HashFunctions } from '@likeness/shared/signing';

/** The hashes of the signature schemes, from `node:crypto` (a 6 MB body: 3 ms, against 33 ms in JavaScript). */
export const NODE_HASHES: HashFunctions = {
  sha256: (data) => createHash('sha256').update(data).digest(),
  hmacSha256: (key, data) => createHmac('sha256', key).update(data).digest(),
  hmacSha1: (key, data) => createHmac('sha1', key).update(data).digest(),
};
