import { createHmac } from 'node:crypto';

import { formatForm, parseForm } from '@likeness/shared/encoding';
import { ApiError, invalidParameter } from '@likeness/shared/errors';

import { requireActive, type CredentialStore } from './credentials.ts';
import { decide, type CollectionName } from './rights.ts';
import { isSameSignature } from './signature-check.ts';

/*
 * A presigned address of a kept picture, or of its thumbnail:
 *
 *     /pictures?InstanceName=shoes&ProductId=p1&PicName=front&Digest=1f0c…&Width=320
 *       &AccessKeyId=LK…&Expires=1700006400&Signature=…
 *
 * LibraryName stands in place of InstanceName for a library; Width is of thumbnails alone; Expires is in
 * seconds since 1970. Signature is the Base64 (URL-safe) HMAC-SHA256 by the key's secret over
 * "likeness-picture-v1", a line feed, and the address as it stands up to "&Signature=".
 */
export const PICTURES_PATH = '/pictures';
const PURPOSE = 'likeness-picture-v1\n';
const BEFORE_SIGNATURE = '&Signature=';

/** Addresses end on a whole hour, one to two hours ahead: within an hour they are equal, and browsers cache. */
const EXPIRY_STEP_MS = 3_600_000;

/** Hex digits of an object's hash that an address names: a replaced picture has another address. */
const DIGEST_LENGTH = 16;

/** What an address shows. */
export interface PictureLink {
  readonly collection: CollectionName;
  readonly productId: string;
  readonly picName: string;
  /** The beginning of the object's hash. */
  readonly digest: string;
  /** Of a thumbnail: the side of its square in pixels. */
  readonly sidePx?: number;
}

export interface SignedLink {
  /** A path and a query. */
  readonly url: string;
  /** Milliseconds since 1970. */
  readonly expiresMs: number;
}

/** An address that holds, and whose it is. */
export interface VerifiedLink {
  readonly link: PictureLink;
  readonly accessKeyId: string;
  readonly expiresMs: number;
}

/** Signs addresses with one key, without asking for it again. */
export type SignLink = (
  link: Omit<PictureLink, 'digest'> & { readonly hash: string },
) => SignedLink;

export interface PictureLinksOptions {
  readonly credentials: Pick<CredentialStore, 'find'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Presigned addresses, for what cannot sign: `<img src>`. An address names its key, and ends with the key's
 * being disabled, its expiry, its loss of the collection, or its secret.
 */
export class PictureLinks {
  readonly #options: PictureLinksOptions;

  constructor(options: PictureLinksOptions) {
    this.#options = options;
  }

  /** @throws {ApiError} `InvalidAccessKeyId.NotFound` for a key that went meanwhile. */
  async signerFor(accessKeyId: string): Promise<SignLink> {
    const credential = await this.#options.credentials.find(accessKeyId);
    if (credential === undefined) throw new ApiError('InvalidAccessKeyId.NotFound');
    const { accessKeySecret } = credential;
    const nowMs = this.#options.now();
    const expiresMs = (Math.floor(nowMs / EXPIRY_STEP_MS) + 2) * EXPIRY_STEP_MS;
    return ({ hash, ...link }) => {
      const pairs = formatLink({ ...link, digest: hash.slice(0, DIGEST_LENGTH) });
      const whose = [
        ['AccessKeyId', accessKeyId],
        ['Expires', String(expiresMs / 1000)],
      ] as const;
      const unsigned = `${PICTURES_PATH}?${formatForm([...pairs, ...whose])}`;
      const signature = signatureOf(unsigned, accessKeySecret);
      return { url: `${unsigned}${BEFORE_SIGNATURE}${signature}`, expiresMs };
    };
  }

  /**
   * What an address shows, if its signature holds and its key may still see it.
   *
   * @param target path and query as they came
   * @throws {ApiError} `MissingSignature`, `InvalidTimeStamp.Expired`, `InvalidAccessKeyId.NotFound`,
   *   `InvalidAccessKeyId.Inactive`, `SignatureDoesNotMatch`, `InvalidInstance` out of the key's scopes
   */
  async verify(target: string): Promise<VerifiedLink> {
    const cut = target.lastIndexOf(BEFORE_SIGNATURE);
    if (cut === -1) throw new ApiError('MissingSignature');
    const unsigned = target.slice(0, cut);
    const values = new Map(parseForm(unsigned.slice(unsigned.indexOf('?') + 1)));
    const expiresMs = Number(values.get('Expires')) * 1000;
    if (!(expiresMs > this.#options.now())) throw new ApiError('InvalidTimeStamp.Expired');
    const accessKeyId = values.get('AccessKeyId') ?? '';
    const credential = await requireActive(this.#options.credentials, accessKeyId);
    const signature = target.slice(cut + BEFORE_SIGNATURE.length);
    if (!isSameSignature(signature, signatureOf(unsigned, credential.accessKeySecret))) {
      throw new ApiError('SignatureDoesNotMatch');
    }
    const link = parseLink(values);
    const asked = { role: 'read', collections: [link.collection], creates: false } as const;
    if (decide(credential.rights, asked) !== 'allowed') throw new ApiError('InvalidInstance');
    return { link, accessKeyId, expiresMs };
  }
}

function signatureOf(unsigned: string, secret: string): string {
  return createHmac('sha256', secret).update(PURPOSE).update(unsigned).digest('base64url');
}

function formatLink(link: PictureLink): readonly (readonly [string, string])[] {
  const { collection, productId, picName, digest, sidePx } = link;
  return [
    [collection.facade === 'instance' ? 'InstanceName' : 'LibraryName', collection.name],
    ['ProductId', productId],
    ['PicName', picName],
    ['Digest', digest],
    ...(sidePx === undefined ? [] : [['Width', String(sidePx)] as const]),
  ];
}

/** Of a signed address, so that nothing of it is a stranger's. */
function parseLink(values: ReadonlyMap<string, string>): PictureLink {
  const read = (name: string): string => {
    const value = values.get(name);
    if (value === undefined) throw invalidParameter(name, 'an address as it was given');
    return value;
  };
  const library = values.get('LibraryName');
  const width = values.get('Width');
  return {
    collection:
      library === undefined
        ? { facade: 'instance', name: read('InstanceName') }
        : { facade: 'library', name: library },
    productId: read('ProductId'),
    picName: read('PicName'),
    digest: read('Digest'),
    ...(width !== undefined && { sidePx: Number(width) }),
  };
}
