import {
  createCipheriv,
  createDecipheriv,
  createHash,
  randomBytes as cryptoRandomBytes,
} from 'node:crypto';

/*
 * A sealed text, in Base64:
 *
 *     nonce (12 bytes), ciphertext, tag (16 bytes)
 *
 * AES-256-GCM. The context is authenticated with it and not stored: what stands beside the sealed text
 * cannot be changed, nor the sealed text be moved, without the master key.
 */
const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FINGERPRINT_DIGITS = 16;

/** 32 bytes that everything sealed depends on. */
export type MasterKey = Buffer;

export const MASTER_KEY_BYTES = 32;

/** Seals a text under the master key. A nonce is random: one key seals far fewer than 2^32 texts. */
export function sealText(
  text: string,
  context: string,
  masterKey: MasterKey,
  randomBytes: (count: number) => Buffer = cryptoRandomBytes,
): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, masterKey, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context));
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([sealed, cipher.getAuthTag()]).toString('base64');
}

/** The text; undefined if it was not sealed under this master key in this context. */
export function openText(
  sealed: string,
  context: string,
  masterKey: MasterKey,
): string | undefined {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(ALGORITHM, masterKey, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  const text = decipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES));
  try {
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

/** Hexadecimal digits of a master key. */
export function formatMasterKey(masterKey: MasterKey): string {
  return masterKey.toString('hex');
}

/** 64 hexadecimal digits; undefined for anything else. */
export function parseMasterKey(text: string): MasterKey | undefined {
  return /^[0-9a-f]{64}$/iu.test(text) ? Buffer.from(text, 'hex') : undefined;
}

/** Tells master keys apart without telling anything of them: stored beside what they sealed. */
export function fingerprintOf(masterKey: MasterKey): string {
  const hash = createHash('sha256').update('likeness master key\0').update(masterKey);
  return hash.digest('hex').slice(0, FINGERPRINT_DIGITS);
}
