import { createHmac } from 'node:crypto';

import { LIMITS } from '@likeness/shared/api';
import { ApiError } from '@likeness/shared/errors';

import { requireActive, type CredentialStore } from '../auth/credentials.ts';
import { isSameSignature } from '../auth/signature-check.ts';
import { TICKET_LIFE_MS } from './limits.ts';
import {
  formatObjectKey,
  ownerOf,
  parseObjectKey,
  splitAuthority,
  type SplitAuthority,
  type UploadName,
} from './upload-address.ts';

/*
 * A ticket, as AuthorizeFileUpload answers it and the form brings it back:
 *
 *     policy    = base64({"expiration":"2026-11-21T17:05:00.000Z","conditions":[
 *                   ["eq","$key",ObjectKey],["content-length-range",1,4194304]]})
 *     Signature = base64(HMAC-SHA256(root key's secret, "likeness-upload-v1\n" AccessKeyId "\n" policy))
 *
 * Nothing of it is kept: that a ticket takes one upload follows from its object's being there as long as it holds.
 */
const PURPOSE = 'likeness-upload-v1\n';
const FORBIDDEN = 403;

/** What the vendor's clients are told to upload by. */
export interface UploadTicket extends SplitAuthority {
  readonly objectKey: string;
  readonly encodedPolicy: string;
  readonly signature: string;
}

/** What a ticket allows. */
export interface UploadPermit {
  readonly name: UploadName;
  readonly accessKeyId: string;
  readonly maxBytes: number;
}

export interface UploadTicketsOptions {
  /** Of the root key, so that nobody else writes a ticket. */
  readonly secret: string;
  readonly credentials: Pick<CredentialStore, 'find'>;
  /** `host[:port]` that clients reach the server by; the one that they asked, if absent. */
  readonly publicAuthority?: string;
  /** 32 hex digits, never the same. */
  readonly createId: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

interface Policy {
  readonly expiration: string;
  readonly conditions: readonly [
    readonly ['eq', '$key', string],
    readonly ['content-length-range', number, number],
  ];
}

/** Tickets that allow their key one upload of one picture, for a few minutes. */
export class UploadTickets {
  readonly #options: UploadTicketsOptions;

  constructor(options: UploadTicketsOptions) {
    this.#options = options;
  }

  /**
   * @param authority `host[:port]` that the client asked
   * @throws {ApiError} as {@link splitAuthority}
   */
  issue(accessKeyId: string, authority: string): UploadTicket {
    const { createId, now, publicAuthority = authority } = this.#options;
    const objectKey = formatObjectKey({ owner: ownerOf(accessKeyId), id: createId() });
    const policy: Policy = {
      expiration: new Date(now() + TICKET_LIFE_MS).toISOString(),
      conditions: [
        ['eq', '$key', objectKey],
        ['content-length-range', 1, LIMITS.MAX_PICTURE_BYTES],
      ],
    };
    const encodedPolicy = Buffer.from(JSON.stringify(policy)).toString('base64');
    const signature = this.#sign(accessKeyId, encodedPolicy);
    return { ...splitAuthority(publicAuthority), objectKey, encodedPolicy, signature };
  }

  /**
   * What the fields before a form's file allow.
   *
   * @throws {ApiError} `InvalidArgument` for a field that is missing, `InvalidAccessKeyId.NotFound`,
   *   `InvalidAccessKeyId.Inactive`, `SignatureDoesNotMatch`; `AccessDenied` for a ticket that has expired, or is
   *   of another object
   */
  async verify(fields: ReadonlyMap<string, string>): Promise<UploadPermit> {
    const accessKeyId = requireField(fields, 'OSSAccessKeyId');
    const encodedPolicy = requireField(fields, 'policy');
    const signature = requireField(fields, 'Signature');
    const objectKey = requireField(fields, 'key');
    await requireActive(this.#options.credentials, accessKeyId);
    if (!isSameSignature(signature, this.#sign(accessKeyId, encodedPolicy))) {
      throw new ApiError('SignatureDoesNotMatch', { status: FORBIDDEN });
    }
    const { expiration, conditions } = readPolicy(encodedPolicy);
    if (!(Date.parse(expiration) > this.#options.now())) throw accessDenied('Policy expired.');
    const [keyCondition, [, , maxBytes]] = conditions;
    const name = parseObjectKey(objectKey);
    if (name === undefined || objectKey !== keyCondition[2]) {
      throw accessDenied(`Policy Condition failed: ${JSON.stringify(keyCondition)}`);
    }
    return { name, accessKeyId, maxBytes };
  }

  #sign(accessKeyId: string, encodedPolicy: string): string {
    const signed = `${PURPOSE}${accessKeyId}\n${encodedPolicy}`;
    return createHmac('sha256', this.#options.secret).update(signed).digest('base64');
  }
}

/** Of a policy whose signature held, so that it is of our making. */
function readPolicy(encodedPolicy: string): Policy {
  return JSON.parse(Buffer.from(encodedPolicy, 'base64').toString()) as Policy;
}

function requireField(fields: ReadonlyMap<string, string>, name: string): string {
  const value = fields.get(name);
  if (value !== undefined) return value;
  throw new ApiError('InvalidArgument', {
    message: `Bucket POST must contain a field named '${name}'. If it is specified, please check the order of the fields.`,
  });
}

function accessDenied(detail: string): ApiError {
  return new ApiError('AccessDenied', { message: `Invalid according to Policy: ${detail}` });
}
