import type { Pairs } from '@likeness/shared/signing';

import type { SentPicture } from '../actions/action.ts';
import { expectRpcV1 } from '../auth/rpc-v1-expectation.ts';
import type { RpcV1Expectation, RpcV1SigningRequest } from '../auth/signed-request.ts';
import { decodeBase64Fast, decodedBytes, decodeEscapedBase64 } from './escaped-base64.ts';
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
  readonly #body: Uint8Array;
  /** Picture parameters as they stand in the body, each there once; undefined where only all pairs together tell. */
  readonly #escaped: ReadonlyMap<string, Uint8Array> | undefined;
  /** In the order sent, but for the picture parameters. */
  readonly pairs: Pairs;

  /** @throws {ApiError} `InvalidParameter.Format` for too many parameters. */
  constructor(body: Uint8Array) {
    this.#body = body;
    const { escaped, others } = cutPictures(body);
    const pairs = parseParameters(others);
    const isPlain = escaped !== undefined && !pairs.some(isPicture);
    this.#escaped = isPlain ? escaped : undefined;
    this.pairs = (isPlain ? pairs : this.#readAll()).filter((pair) => !isPicture(pair));
  }

  /** What the RPC v1 signature of query and whole form is. */
  expectRpcV1(request: RpcV1SigningRequest): RpcV1Expectation {
    return expectRpcV1(request, this.#readAll());
  }

  /** @param room for what is decoded: three quarters of the body */
  pictures(
    room: Uint8Array = new Uint8Array(decodedBytes(this.#body.length)),
  ): ReadonlyMap<string, PictureValue> {
    const pictures = new Map<string, PictureValue>();
    let free = room;
    for (const [name, escaped] of this.#escaped ?? []) {
      const bytes = decodeEscapedBase64(escaped, free);
      if (bytes === undefined) break;
      pictures.set(name, { kind: 'bytes', bytes });
      free = free.subarray(bytes.length);
    }
    const isAll = pictures.size === this.#escaped?.size;
    return isAll ? pictures : readPictures(this.#readAll());
  }

  #readAll(): Pairs {
    return parseParameters(toText(this.#body));
  }
}

/** Cuts picture parameters out of a body: a text of each would be made only to be decoded again. */
function cutPictures(body: Uint8Array): {
  /** By name, as they stand there; undefined where one is empty or comes twice. */
  readonly escaped: ReadonlyMap<string, Uint8Array> | undefined;
  readonly others: string;
} {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const cuts: (readonly [name: string, start: number, end: number])[] = [];
  for (const name of PICTURE_PARAMETERS) {
    const start = findParameter(bytes, name, 0);
    if (start === -1) continue;
    const next = bytes.indexOf('&', start);
    const end = next === -1 ? bytes.length : next;
    const isEmpty = end === start + name.length + 1;
    const isRepeated = findParameter(bytes, name, start + 1) !== -1;
    if (isEmpty || isRepeated) return { escaped: undefined, others: '' };
    cuts.push([name, start, end]);
  }
  cuts.sort(([, one], [, other]) => one - other);
  let others = '';
  let from = 0;
  for (const [, start, end] of cuts) {
    others += toText(bytes.subarray(from, start));
    from = end;
  }
  others += toText(bytes.subarray(from));
  const escaped = new Map(
    cuts.map(([name, start, end]) => [name, bytes.subarray(start + name.length + 1, end)]),
  );
  return { escaped, others };
}

/** Where a parameter of this name begins behind `from`, or at the very beginning; -1 where none does. */
function findParameter(bytes: Buffer, name: string, from: number): number {
  const head = `${name}=`;
  if (from === 0 && bytes.subarray(0, head.length).equals(Buffer.from(head))) return 0;
  const at = bytes.indexOf(`&${head}`, from);
  return at === -1 ? -1 : at + 1;
}

function isPicture([name]: readonly [name: string, value: string]): boolean {
  return PICTURE_PARAMETERS.has(name);
}

function toText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
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
  const bytes = decodeBase64Fast(text);
  return bytes === undefined ? { kind: 'invalid' } : { kind: 'bytes', bytes };
}
