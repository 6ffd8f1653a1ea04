import type { IncomingMessage, ServerResponse } from 'node:http';

import { ApiError } from '@likeness/shared/errors';

import { PICTURES_PATH, type PictureLink, type PictureLinks } from '../auth/picture-links.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { AuditLog } from '../log/audit-log.ts';
import type { RequestLog } from '../log/request-log.ts';
import { noteDenial } from './denials.ts';
import { replyBytes } from './reply-bytes.ts';

export { PICTURES_PATH };

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
const POLICY = "default-src 'none'; sandbox";
const NOT_FOUND = 404;
const CLAIMED_KEY = /[?&]AccessKeyId=([^&]+)/u;

/** `GET /pictures?…`: kept pictures and their thumbnails, by presigned addresses. */
export class PicturePage {
  readonly #options: PicturePageOptions;

  constructor(options: PicturePageOptions) {
    this.#options = options;
  }

  /** @throws {ApiError} as `PictureLinks.verify`; `PicNotExist` 404 for a picture that was deleted or replaced */
  async serve(
    request: IncomingMessage,
    response: ServerResponse,
    log: Pick<RequestLog, 'note' | 'id' | 'client'>,
  ): Promise<void> {
    const { links, audit, now } = this.#options;
    const target = request.url ?? '';
    const { link, accessKeyId, expiresMs } = await links.verify(target).catch((error: unknown) => {
      const key = CLAIMED_KEY.exec(target)?.[1] ?? '';
      noteDenial(audit, { action: `GET ${PICTURES_PATH}`, key, log }, error);
      throw error;
    });
    log.note('key', accessKeyId);
    log.note('instance', link.collection.name);
    const { type, body } = await this.#read(link);
    const secondsLeft = Math.max(0, Math.floor((expiresMs - now()) / 1000));
    await replyBytes(response, {
      type,
      body,
      headers: {
        'Cache-Control': `private, max-age=${secondsLeft}, immutable`,
        'Content-Security-Policy': POLICY,
        'Referrer-Policy': 'no-referrer',
      },
    });
  }

  async #read(link: PictureLink): Promise<{ readonly type: string; readonly body: Uint8Array }> {
    const { catalog } = this.#options;
    const collection = catalog.collection(link.collection.facade, link.collection.name);
    const image = await catalog.getImage(collection, link);
    const hash = image?.kept?.hash;
    if (hash?.startsWith(link.digest)) {
      if (link.sidePx === undefined) {
        const picture = await catalog.keptPicture(hash);
        if (picture !== undefined) {
          const { format, bytes } = picture;
          return { type: TYPES[format] ?? `image/${format}`, body: bytes };
        }
      } else {
        const webp = await catalog.thumbnail(hash, link.sidePx);
        if (webp !== undefined) return { type: 'image/webp', body: webp };
      }
    }
    throw new ApiError('PicNotExist', {
      status: NOT_FOUND,
      message: 'There is no such picture any more.',
    });
  }
}
