import { decodeBase64 } from '@likeness/shared/encoding';
import type { Pairs } from '@likeness/shared/signing';

import type { SentPicture } from '../actions/action.ts';
import { expectRpcV1 } from '../auth/rpc-v1-expectation.ts';
import type { RpcV1Expectation, RpcV1SigningRequest } from '../auth/signed-request.ts';
import { parseParameters } from './parse-parameters.ts';

/** The parameters that hold a picture, in Base64 or as the address of an upload. */
export const PICTURE_PARAMETERS: ReadonlySet<string> = new Set([
  'PicContent',
  'PrimaryPicContent',
  'SecondaryPicContent',
]);

/** What a picture parameter turned out to hold. */
export type PictureValue =
  | SentPicture
  /** Sent more than once, with different values. */
  | { readonly kind: 'ambiguous' };

/** A form's body: its parameters, its signature's share, its pictures. Pure: runs here or in a thread. */
export class FormContent {
  readonly #all: Pairs;

  /** @throws {ApiError} `InvalidParameter.Format` for too many parameters. */
  constructor(body: Uint8Array) {
    this.#all = parseParameters(new TextDecoder().decode(body));
  }

  /** In the order sent, but for the picture parameters. */
  get pairs(): Pairs {
    return this.#all.filter(([name]) => !PICTURE_PARAMETERS.has(name));
  }

  /** What the RPC v1 signature of query and whole form is. */
  expectRpcV1(request: RpcV1SigningRequest): RpcV1Expectation {
    return expectRpcV1(request, this.#all);
  }

  pictures(): ReadonlyMap<string, PictureValue> {
    return readPictures(this.#all);
  }
}

/** The picture parameters of decoded pairs; empty ones are absent. */
export function readPictures(pairs: Pairs): ReadonlyMap<string, PictureValue> {
  const pictures = new Map<string, PictureValue>();
  const texts = new Map<string, string>();
  for (const [name, text] of pairs) {
    if (text === '' || !PICTURE_PARAMETERS.has(name) || texts.get(name) === text) continue;
    pictures.set(name, texts.has(name) ? { kind: 'ambiguous' } : readPicture(text));
    texts.set(name, text);
  }
  return pictures;
}

/** A colon is no Base64, so an address is never taken for a picture. */
function readPicture(text: string): PictureValue {
  if (/^\s*https?:\/\//iu.test(text)) return { kind: 'url', url: text.trim() };
  const bytes = decodeBase64(text);
  return bytes === undefined ? { kind: 'invalid' } : { kind: 'bytes', bytes };
}
