import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

import { callAction, type SignedCall, type WireResponse } from './signed-call.ts';

/** What `AuthorizeFileUpload` answers. */
export interface Ticket {
  readonly AccessKeyId: string;
  readonly Bucket: string;
  readonly Endpoint: string;
  readonly EncodedPolicy: string;
  readonly ObjectKey: string;
  readonly Signature: string;
}

/** Fields of a form, in their order; `file` among them is the picture. */
export type FormFields = readonly (readonly [name: string, value: string | Uint8Array])[];

export interface UploadAnswer {
  readonly status: number;
  readonly type: string;
  readonly retryAfterMs: number;
  readonly text: string;
  /** The text of an element. */
  readonly read: (element: string) => string | undefined;
}

/** Asks for a ticket, as the SDKs do but for the method. */
export async function askTicket(port: number, call: Partial<SignedCall> = {}): Promise<Ticket> {
  const { status, text, json } = await callTicket(port, call);
  if (status !== 200) throw new Error(text);
  return json as unknown as Ticket;
}

export function callTicket(port: number, call: Partial<SignedCall> = {}): Promise<WireResponse> {
  return callAction(port, {
    action: 'AuthorizeFileUpload',
    version: '2019-12-19',
    query: { Product: 'ImageSearch' },
    ...call,
  });
}

/** The address of a ticket's upload, as the SDKs put it together. */
export function addressOf({ Bucket, Endpoint, ObjectKey }: Ticket): string {
  return `http://${Bucket}.${Endpoint}/${ObjectKey}`;
}

/** The fields of the older Node SDKs: the file comes last. */
export function fieldsOf(ticket: Ticket, picture: Uint8Array): FormFields {
  return [
    ['OSSAccessKeyId', ticket.AccessKeyId],
    ['policy', ticket.EncodedPolicy],
    ['Signature', ticket.Signature],
    ['key', ticket.ObjectKey],
    ['success_action_status', '201'],
    ['file', picture],
  ];
}

const BOUNDARY = 'boundary0123456789ab';

/** A well-formed form. */
export function formOf(fields: FormFields, boundary = BOUNDARY): Buffer {
  const parts = fields.flatMap(([name, value]) => {
    const file = name === 'file' ? '; filename="a"\r\nContent-Type: ' : '';
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`;
    return [Buffer.from(head), Buffer.from(value as Uint8Array), Buffer.from('\r\n')];
  });
  return Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]);
}

export interface PostOptions {
  /** Over TLS, trusting this CA. */
  readonly ca?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Posts a form to the server's object store. */
export function postForm(
  port: number,
  form: Buffer,
  { ca, headers = {} }: PostOptions = {},
): Promise<UploadAnswer> {
  const start = ca === undefined ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    const request = start(
      {
        host: '127.0.0.1',
        port,
        method: 'POST',
        ...(ca !== undefined && { ca }),
        headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}`, ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            retryAfterMs: Number(response.headers['x-acs-retry-after'] ?? Number.NaN),
            text,
            read: (element) => new RegExp(`<${element}>(.*)</${element}>`, 'su').exec(text)?.[1],
          });
        });
      },
    );
    request.on('error', reject);
    request.end(form);
  });
}

/** Uploads a picture with a ticket. */
export function upload(port: number, ticket: Ticket, picture: Uint8Array): Promise<UploadAnswer> {
  return postForm(port, formOf(fieldsOf(ticket, picture)));
}
