import { randomBytes as cryptoRandomBytes } from 'node:crypto';

import type { Credentials } from '@likeness/shared/signing';

export type RandomBytes = (count: number) => Buffer;

const ID_BYTES = 8;
const SECRET_BYTES = 24;

/** An id that tells whose key it is, and a secret of 192 random bits. */
export function createKeyPair(randomBytes: RandomBytes = cryptoRandomBytes): Credentials {
  return {
    accessKeyId: `LK${randomBytes(ID_BYTES).toString('hex').toUpperCase()}`,
    accessKeySecret: randomBytes(SECRET_BYTES).toString('base64url'),
  };
}
