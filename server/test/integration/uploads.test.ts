/** Who may upload what, and what a refusal looks like: to the letter, and as the vendor's SDK throws it. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { LIMITS } from '@likeness/shared/api';

import { startGateway, TEST_KEY, type GatewayServer } from '../support/gateway-server.ts';
import { talk } from '../support/raw-socket.ts';
import {
  callAction,
  rpcV1Request,
  send,
  type SignedCall,
  type WireResponse,
} from '../support/signed-call.ts';
import { until } from '../support/until.ts';
import {
  addressOf,
  askTicket,
  callTicket,
  fieldsOf,
  formOf,
  postForm,
  upload,
  type Ticket,
} from '../support/upload-forms.ts';
import { openAdvanceSdk, postBySdk, type VendorTarget } from '../support/vendor-clients.ts';

const MINUTE_MS = 60_000;
const PICTURE = Buffer.from('a picture, as far as the catalog in memory knows');

let dataDir: string;
let server: GatewayServer;
let offsetMs = 0;
let reader: typeof TEST_KEY;

const now = (): number => Date.now() + offsetMs;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'likeness-uploads-'));
  server = await startGateway({ dataDir, now });
  reader = await createKey('read');
});
afterAll(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true });
});
afterEach(() => {
  offsetMs = 0;
});

const call = (each: SignedCall): Promise<WireResponse> =>
  callAction(server.port, { nowMs: now(), ...each });

async function createKey(role: string): Promise<typeof TEST_KEY> {
  const form = { Role: role, Scopes: 'instance:*' };
  const { json } = await call({ action: 'CreateAccessKey', version: '2026-11-01', form });
  const { AccessKeyId, AccessKeySecret } = json['AccessKey'] as Record<string, string>;
  return { accessKeyId: AccessKeyId!, accessKeySecret: AccessKeySecret! };
}

const ticket = (key = TEST_KEY): Promise<Ticket> => askTicket(server.port, { key, nowMs: now() });

/** Searches or adds by an address. */
function use(
  picContent: string,
  key = TEST_KEY,
  action = 'SearchImageByPic',
): Promise<WireResponse> {
  const form = { InstanceName: 'demo', PicContent: picContent, ProductId: 'p', PicName: 'a' };
  return call({ action, form, key });
}

const files = (): Promise<readonly string[]> => readdir(join(dataDir, 'uploads'));

async function uploaded(key = TEST_KEY): Promise<string> {
  const allowed = await ticket(key);
  expect(await upload(server.port, allowed, PICTURE)).toMatchObject({ status: 201 });
  return addressOf(allowed);
}

describe('a ticket', () => {
  test('is what the SDKs expect, of the host that was asked', async () => {
    const { status, json } = await callTicket(server.port);
    expect(status).toBe(200);
    expect(json).toEqual({
      RequestId: expect.any(String),
      AccessKeyId: TEST_KEY.accessKeyId,
      Bucket: '127',
      Endpoint: `0.0.1:${server.port}`,
      EncodedPolicy: expect.any(String),
      ObjectKey: expect.stringMatching(/^likeness-uploads\/[0-9a-f]{16}\/[0-9a-f]{32}$/u),
      Signature: expect.any(String),
      UseAccelerate: false,
    });
  });

  test.each<[string, Record<string, string>, string]>([
    ['no product', {}, 'MissingProduct'],
    ['another product', { Product: 'OCR' }, 'InvalidProduct'],
  ])('is not given for %s', async (_what, query, code) => {
    expect(await callTicket(server.port, { query })).toMatchObject({
      status: 400,
      json: { Code: code },
    });
  });

  test('is not given by a name that cannot be split, and the refusal says so', async () => {
    const wire = rpcV1Request(server.port, {
      action: 'AuthorizeFileUpload',
      version: '2019-12-19',
      form: { Product: 'ImageSearch' },
      extraHeaders: { host: 'likeness:8000' },
    });
    expect(await send(server.port, wire)).toMatchObject({
      status: 400,
      json: { Code: 'BadRequest', Message: expect.stringContaining('LIKENESS_PUBLIC_URL') },
    });
  });
});

describe('an upload', () => {
  test('is answered with XML, and is on the disk to the byte', async () => {
    const allowed = await ticket();
    const answer = await upload(server.port, allowed, PICTURE);
    expect(answer).toMatchObject({ status: 201, type: 'application/xml' });
    expect(answer.read('Key')).toBe(allowed.ObjectKey);
    expect(answer.read('Location')).toBe(addressOf(allowed));
    expect(answer.read('Bucket')).toBe('127');
    const [, owner, id] = allowed.ObjectKey.split('/');
    const file = (await files()).find((each) => each.startsWith(`${owner}-${id}-`));
    expect(await readFile(join(dataDir, 'uploads', file!))).toEqual(PICTURE);
  });

  test('is used by the key that sent it, more than once, for ten minutes', async () => {
    const address = await uploaded();
    expect(await use(address, TEST_KEY, 'AddImage')).toMatchObject({ status: 200 });
    expect(await use(address)).toMatchObject({ status: 200 });
    offsetMs = 10 * MINUTE_MS + 1;
    expect(await use(address)).toMatchObject({ status: 400, json: { Code: 'InvalidPicUrl' } });
  });

  test('waits an hour for a request that succeeds', async () => {
    const address = await uploaded();
    const nowhere = { InstanceName: 'none', PicContent: address };
    expect(await call({ action: 'SearchImageByPic', form: nowhere })).toMatchObject({
      status: 400,
    });
    offsetMs = 59 * MINUTE_MS;
    expect(await use(address)).toMatchObject({ status: 200 });
  });

  test('of a key that may only search is searched by, and not added', async () => {
    const address = await uploaded(reader);
    expect(await use(address, reader, 'AddImage')).toMatchObject({
      json: { Code: 'NoPermission' },
    });
    expect(await use(address, reader)).toMatchObject({ status: 200 });
  });

  test('is nothing to another key, the root key included', async () => {
    const address = await uploaded(reader);
    expect(await use(address)).toMatchObject({ status: 400, json: { Code: 'InvalidPicUrl' } });
    const moved = address.replace(/[0-9a-f]{16}\/(?=[0-9a-f]{32}$)/u, ownOwner(await ticket()));
    expect(await use(moved)).toMatchObject({ status: 400, json: { Code: 'InvalidPicUrl' } });
    expect(await use(address, reader)).toMatchObject({ status: 200 });
  });

  test.each(['http://127.0.0.1:1/a.jpg', 'https://example.com/', 'http://169.254.169.254/latest'])(
    'is no other address: nothing asks %s',
    async (address) => {
      expect(await use(address)).toMatchObject({ status: 400, json: { Code: 'InvalidPicUrl' } });
    },
  );

  test('is counted, and has its place in the metrics', async () => {
    await uploaded();
    const text = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
    expect(text).toMatch(
      new RegExp(
        `likeness_requests_total\\{action="PostObject",code="OK",key="${TEST_KEY.accessKeyId}"\\} \\d`,
        'u',
      ),
    );
    expect(text).toMatch(/^likeness_upload_bytes [1-9]/mu);
    expect(text).toMatch(/^likeness_queue_length\{queue="upload"\} 0$/mu);
  });
});

const ownOwner = ({ ObjectKey }: Ticket): string => ObjectKey.slice(-49, -32);

/** What the SDK makes of the XML of a refusal. */
const thrown = (code: string, httpCode: number, message: RegExp): object =>
  expect.objectContaining({
    name: 'ClientError',
    code,
    message: expect.stringMatching(message),
    data: {
      httpCode,
      requestId: expect.stringMatching(/^[0-9A-F-]{36}$/u),
      hostId: expect.any(String),
    },
  });

describe('a refusal', () => {
  let target: VendorTarget;
  let before: readonly string[];

  beforeAll(async () => {
    target = {
      endpoint: `https://127.0.0.1:${server.port}`,
      ...TEST_KEY,
      ca: await readFile(server.services.tls.identity.caFile!, 'utf8'),
    };
  });
  beforeEach(async () => {
    before = await files();
  });

  /** What the SDK throws for a form of these changes. */
  async function refusalOf(allowed: Ticket, changes: Readonly<Record<string, string>> = {}) {
    const form = {
      host: allowed.Endpoint,
      OSSAccessKeyId: allowed.AccessKeyId,
      policy: allowed.EncodedPolicy,
      Signature: allowed.Signature,
      key: allowed.ObjectKey,
      file: PICTURE.toString('base64'),
      success_action_status: '201',
      ...changes,
    };
    return postBySdk(target, allowed.Bucket, form).then(
      () => ({ code: 'none' }),
      (error: unknown) => error,
    );
  }

  test('of a forged policy', async () => {
    const allowed = await ticket();
    const policy = Buffer.from(allowed.EncodedPolicy, 'base64')
      .toString()
      .replace(String(LIMITS.MAX_PICTURE_BYTES), '999999999');
    expect(await refusalOf(allowed, { policy: Buffer.from(policy).toString('base64') })).toEqual(
      thrown('SignatureDoesNotMatch', 403, /signature/u),
    );
    expect(await files()).toEqual(before);
  });

  test('of an expired ticket', async () => {
    const allowed = await ticket();
    offsetMs = 5 * MINUTE_MS;
    expect(await refusalOf(allowed)).toEqual(thrown('AccessDenied', 403, /Policy expired\.$/u));
    expect(await files()).toEqual(before);
  });

  test('of another key’s ticket', async () => {
    const allowed = await ticket(reader);
    expect(await refusalOf(allowed, { OSSAccessKeyId: TEST_KEY.accessKeyId })).toEqual(
      thrown('SignatureDoesNotMatch', 403, /signature/u),
    );
    expect(await files()).toEqual(before);
  });

  test('of a key that is gone', async () => {
    const gone = await createKey('read');
    const allowed = await ticket(gone);
    const form = { UserAccessKeyId: gone.accessKeyId };
    await call({ action: 'DeleteAccessKey', version: '2026-11-01', form });
    expect(await refusalOf(allowed)).toEqual(thrown('InvalidAccessKeyId.NotFound', 404, /key/u));
    expect(await files()).toEqual(before);
  });

  test('of a wrong object key', async () => {
    const [allowed, other] = [await ticket(), await ticket()];
    expect(await refusalOf(allowed, { key: other.ObjectKey })).toEqual(
      thrown('AccessDenied', 403, /Policy Condition failed: \["eq","\$key",".*"\]/u),
    );
    expect(await files()).toEqual(before);
  });

  test('of a replay, which leaves the first upload as it was', async () => {
    const allowed = await ticket();
    expect(await refusalOf(allowed)).toEqual({ code: 'none' });
    const other = Buffer.from('another').toString('base64');
    expect(await refusalOf(allowed, { file: other })).toEqual(
      thrown('FileAlreadyExists', 409, /already exists/u),
    );
    expect(await use(addressOf(allowed))).toMatchObject({ status: 200 });
    expect(await files()).toHaveLength(before.length + 1);
  });

  test('of a picture over 4 MiB, as the whole method meets it', async () => {
    const picContentObject = Readable.from([Buffer.alloc(LIMITS.MAX_PICTURE_BYTES + 1)]);
    const request = { instanceName: 'demo', productId: 'p', picName: 'a', picContentObject };
    await expect(openAdvanceSdk(target).call('AddImage', request)).rejects.toEqual(
      thrown('EntityTooLarge', 400, /maximum/u),
    );
    expect(await files()).toEqual(before);
  });

  test('of nothing', async () => {
    expect(await refusalOf(await ticket(), { file: '' })).toEqual(
      thrown('EntityTooSmall', 400, /minimum/u),
    );
    expect(await files()).toEqual(before);
  });

  test('of a form that is none, in XML that says only what it means', async () => {
    const answer = await postForm(server.port, Buffer.from('<&>'), {
      headers: { host: '"<a>&' },
    });
    expect(answer).toMatchObject({ status: 400, type: 'application/xml' });
    expect(answer.read('Code')).toBe('MalformedPOSTRequest');
    expect(answer.read('HostId')).toBe('&quot;&lt;a&gt;&amp;');
  });

  test('of too many uploads at once by one key tells when to come back', async () => {
    const allowed = await Promise.all(Array.from({ length: 65 }, () => ticket()));
    const [last, ...others] = allowed;
    const slow = others.map((each) => {
      const form = formOf(fieldsOf(each, PICTURE));
      return talk(server.port, [
        headOf(form),
        form.subarray(0, -40),
        2000,
        form.subarray(-40),
        'GET /healthz HTTP/1.1\r\nconnection: close\r\n\r\n',
      ]);
    });
    await until(() => server.services.admission.load.uploads.taken === 64);
    const answer = await upload(server.port, last!, PICTURE);
    expect(answer).toMatchObject({ status: 503, retryAfterMs: expect.any(Number) });
    expect(answer.read('Code')).toBe('ServiceUnavailable');
    for (const { status } of await Promise.all(slow)) expect(status).toBe(201);
    expect(await upload(server.port, last!, PICTURE)).toMatchObject({ status: 201 });
    expect(server.services.admission.load.uploads.taken).toBe(0);
  });

  test('of a sender that hardly moves cuts it off, and leaves nothing', async () => {
    const allowed = await ticket();
    const form = formOf(fieldsOf(allowed, Buffer.alloc(1024 * 1024)));
    const answer = await talk(server.port, [headOf(form), form.subarray(0, 4096)]);
    expect(answer).toMatchObject({ status: 408, text: expect.stringContaining('RequestTimeout') });
    expect(server.services.admission.load.uploads.taken).toBe(0);
    expect(await files()).toEqual(before);
    expect(await upload(server.port, allowed, PICTURE)).toMatchObject({ status: 201 });
  });

  test('a client that goes away halfway leaves nothing, and may try again', async () => {
    const allowed = await ticket();
    const form = formOf(fieldsOf(allowed, PICTURE));
    const gone = new AbortController();
    // Browsers' types, which tests of the console need, know no `duplex`.
    const streamed: RequestInit & { readonly duplex: 'half' } = {
      method: 'POST',
      headers: { 'content-type': TYPE },
      body: halfOf(form),
      duplex: 'half',
      signal: gone.signal,
    };
    const asked = fetch(`http://127.0.0.1:${server.port}/`, streamed).catch(() => 'gone');
    await until(() => server.services.admission.load.uploads.taken === 1);
    gone.abort();
    expect(await asked).toBe('gone');
    await until(() => server.services.admission.load.uploads.taken === 0);
    expect(await files()).toEqual(before);
    expect(await upload(server.port, allowed, PICTURE)).toMatchObject({ status: 201 });
  });
});

const TYPE = 'multipart/form-data; boundary=boundary0123456789ab';

function headOf(form: Buffer): string {
  return `POST / HTTP/1.1\r\nhost: x\r\ncontent-type: ${TYPE}\r\ncontent-length: ${form.length}\r\n\r\n`;
}

/** A body that never ends. */
function halfOf(form: Buffer): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => controller.enqueue(form.subarray(0, -40)),
    pull: () => sleep(60_000, undefined, { ref: false }),
  });
}
