import type { IncomingMessage, ServerResponse } from 'node:http';

import { ApiError } from '@likeness/shared/errors';

import { PICTURES_PATH, type PictureLink, type PictureLinks } from '../auth/picture-links.ts';
import type { Catalog, KeptObject } from '../catalog/catalog.ts';
import type { AuditLog } from '../log/audit-log.ts';
import type { RequestLog } from '../log/request-log.ts';
import { noteDenial } from './denials.ts';
import { MAX_SENDING_BYTES, SEND_TIMEOUT_MS } from './limits.ts';
import { replyBytes } from './reply-bytes.ts';
import { SendBudget } from './send-budget.ts';

export { PICTURES_PATH };

/** What logs, metrics and usage call a fetch. */
export const PICTURES_ACTION = `GET ${PICTURES_PATH}`;

export interface PicturePageOptions {
  readonly catalog: Pick<Catalog, 'collection' | 'getImage' | 'keptPicture' | 'thumbnail'>;
  readonly links: Pick<PictureLinks, 'verify'>;
  readonly audit: Pick<AuditLog, 'note'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Types that are not `image/` and the format's name. */
const TYPES: Readonly<Record<string, string>> = { ppm: 'image/x-portable-anymap' };

/** A picture from a stranger's file must never be read as a page of ours. */
const HEADERS = {
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'Referrer-Policy': 'no-referrer',
} as const;
const NOT_FOUND = 404;
const CLAIMED_KEY = /[?&]AccessKeyId=([^&]+)/u;

/** `GET /pictures?…`: kept pictures and their thumbnails, by presigned addresses. */
export class PicturePage {
  readonly #options: PicturePageOptions;
  readonly #budget = new SendBudget({ maxBytes: MAX_SENDING_BYTES, timeoutMs: SEND_TIMEOUT_MS });

  constructor(options: PicturePageOptions) {
    this.#options = options;
  }

  /**
   * @throws {ApiError} as `PictureLinks.verify`; `PicNotExist` 404 for a picture that was deleted or replaced;
   *   `ServiceUnavailable` while too many pictures are on their way
   */
  async serve(
    request: IncomingMessage,
    response: ServerResponse,
    log: Pick<RequestLog, 'note' | 'id' | 'client'>,
  ): Promise<void> {
    const { links, audit, now } = this.#options;
    const target = request.url ?? '';
    const { link, accessKeyId, expiresMs } = await links.verify(target).catch((error: unknown) => {
      const key = CLAIMED_KEY.exec(target)?.[1] ?? '';
      noteDenial(audit, { action: PICTURES_ACTION, key, log }, error);
      throw error;
    });
    log.note('key', accessKeyId);
    log.note(link.collection.facade, link.collection.name);
    const kept = await this.#findKept(link);
    const secondsLeft = Math.max(0, Math.floor((expiresMs - now()) / 1000));
    const headers = { ...HEADERS, 'Cache-Control': `private, max-age=${secondsLeft}, immutable` };
    await this.#budget.run(kept.bytes, response, async () =>
      replyBytes(response, { ...(await this.#read(link, kept)), headers }),
    );
  }

  async #findKept(link: PictureLink): Promise<KeptObject> {
    const { catalog } = this.#options;
    const collection = catalog.collection(link.collection.facade, link.collection.name);
    const kept = (await catalog.getImage(collection, link))?.kept;
    if (kept?.hash.startsWith(link.digest)) return kept;
    throw gone();
  }

  async #read(
    { sidePx }: PictureLink,
    { hash }: KeptObject,
  ): Promise<{ readonly type: string; readonly body: Uint8Array }> {
    const { catalog } = this.#options;
    if (sidePx !== undefined) {
      const webp = await catalog.thumbnail(hash, sidePx);
      if (webp !== undefined) return { type: 'image/webp', body: webp };
      throw gone();
    }
    const picture = await catalog.keptPicture(hash);
    if (picture === undefined) throw gone();
    return { type: TYPES[picture.format] ?? `image/${picture.format}`, body: picture.bytes };
  }
}

function gone(): ApiError {
  const message = 'There is no such picture any more.';
  return new ApiError('PicNotExist', { status: NOT_FOUND, message });
}
