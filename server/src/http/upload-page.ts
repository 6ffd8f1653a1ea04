import type { IncomingMessage, ServerResponse } from 'node:http';

import { ApiError } from '@likeness/shared/errors';

import type { AuditLog } from '../log/audit-log.ts';
import type { RequestLog } from '../log/request-log.ts';
import { formatObjectKey, type UploadName } from '../uploads/upload-address.ts';
import type { UploadStore } from '../uploads/upload-store.ts';
import type { UploadPermit, UploadTickets } from '../uploads/upload-tickets.ts';
import type { UploadWriter } from '../uploads/upload-writer.ts';
import type { Admission } from './admission.ts';
import { clientGroup } from './client-addresses.ts';
import { noteDenial } from './denials.ts';
import { MAX_UPLOAD_BODY_BYTES, UPLOAD_TIMEOUT_MS } from './limits.ts';
import { readBoundary } from './multipart-reader.ts';
import { isBodyTooLarge, receiveBody } from './receive-body.ts';
import { replyXml } from './reply.ts';
import { UploadForm } from './upload-form.ts';
import type { XmlElement } from './xml.ts';

export interface UploadPageOptions {
  readonly tickets: Pick<UploadTickets, 'verify'>;
  readonly store: Pick<UploadStore, 'begin'>;
  readonly audit: Pick<AuditLog, 'note'>;
  readonly admission: Pick<Admission, 'slots' | 'uploads'>;
}

/** What logs and metrics call an upload: the vendor's name for it. */
const ACTION = 'PostObject';
/** What the SDKs ask for. The body is XML whatever they ask: those of Node and Python read one. */
const CREATED = 201;

/** An upload that is under way. */
interface Upload {
  readonly permit: UploadPermit;
  readonly writer: UploadWriter;
  readonly leave: () => void;
}

/** Whether a request to `/` is an upload: a multipart form that nothing else of the request signs. */
export function isUpload({
  method,
  headers,
}: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  const isForm = /^\s*multipart\/form-data\b/iu.test(headers['content-type'] ?? '');
  return method === 'POST' && isForm && headers.authorization === undefined;
}

/** `POST /` with a multipart form: the object store that the vendor's SDKs upload streams to. */
export class UploadPage {
  readonly #options: UploadPageOptions;

  constructor(options: UploadPageOptions) {
    this.#options = options;
  }

  /**
   * @throws {ApiError} `MalformedPOSTRequest`, `EntityTooSmall`, `EntityTooLarge`, `RequestTimeout`; as
   *   `UploadTickets.verify` and `UploadStore.begin`
   */
  async serve(request: IncomingMessage, response: ServerResponse, log: RequestLog): Promise<void> {
    log.note('action', ACTION);
    this.#options.admission.slots.requireRoom(clientGroup(log.client));
    const boundary = readBoundary(request.headers['content-type']);
    if (boundary === undefined) throw new ApiError('MalformedPOSTRequest');
    if (isBodyTooLarge(request, MAX_UPLOAD_BODY_BYTES)) throw new ApiError('EntityTooLarge');
    const { name } = await this.#receive(request, boundary, log);
    const element = describe(name, request.headers.host ?? '');
    await log.measure('reply', () => replyXml(request, response, { status: CREATED, element }));
  }

  async #receive(
    request: IncomingMessage,
    boundary: string,
    log: RequestLog,
  ): Promise<UploadPermit> {
    let upload: Upload | undefined;
    const form = new UploadForm({
      boundary,
      userAgent: request.headers['user-agent'] ?? '',
      onFile: async (fields) => {
        upload = await this.#begin(fields, log);
        return upload.writer;
      },
    });
    try {
      await log.measure('read', () => takeIn(request, form));
      form.finish();
      const { writer, permit } = requireBegun(upload);
      await log.measure('write', () => writer.commit());
      return permit;
    } finally {
      await upload?.writer.abort();
      upload?.leave();
    }
  }

  async #begin(fields: ReadonlyMap<string, string>, log: RequestLog): Promise<Upload> {
    const { tickets, store, audit, admission } = this.#options;
    const permit = await tickets.verify(fields).catch((error: unknown) => {
      const key = fields.get('OSSAccessKeyId') ?? '';
      noteDenial(audit, { action: ACTION, key, log }, error);
      throw error;
    });
    log.note('key', permit.accessKeyId);
    const leave = admission.uploads.take(permit.accessKeyId);
    try {
      return { permit, leave, writer: await store.begin(permit) };
    } catch (error) {
      leave();
      throw error;
    }
  }
}

async function takeIn(request: IncomingMessage, form: UploadForm): Promise<void> {
  let length = 0;
  await receiveBody(request, {
    timeoutMs: UPLOAD_TIMEOUT_MS,
    timeoutCode: 'RequestTimeout',
    onChunk: (chunk) => {
      length += chunk.length;
      if (length > MAX_UPLOAD_BODY_BYTES) throw new ApiError('EntityTooLarge');
      return form.take(chunk);
    },
  });
}

/** A form that ended well has a file. */
function requireBegun(upload: Upload | undefined): Upload {
  if (upload === undefined) throw new Error('a form without a file');
  return upload;
}

function describe(name: UploadName, host: string): XmlElement {
  const key = formatObjectKey(name);
  return {
    name: 'PostResponse',
    texts: {
      Bucket: host.split('.', 1)[0] ?? '',
      Location: `http://${host}/${key}`,
      Key: key,
      ETag: `"${name.id.toUpperCase()}"`,
    },
  };
}
