/** The vendor's own SDKs, unmodified, behind one way to call them: SDK names in, SDK names out. */
import { readFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { Readable } from 'node:stream';

import imagesearch, * as models from '@alicloud/imagesearch20201214';
import { $OpenApiUtil } from '@alicloud/openapi-core';
import popCore from '@alicloud/pop-core';
import * as dara from '@darabonba/typescript';
import { API_VERSIONS, fromWireBody, fromWireName, toWireName } from '@likeness/shared/api';
import { formatForm } from '@likeness/shared/encoding';

import type { LaunchedServer } from './launched-server.ts';

/** An answer's body in SDK names; what the vendor's models do not know is gone from his SDK's. */
export type Body = Readonly<Record<string, unknown>>;

export interface VendorClient {
  /** Rejects with what the vendor's SDK throws: at least `code`. */
  call(action: string, request: object, version?: string): Promise<Body>;
}

/** Where to go, and as whom. */
export interface VendorTarget {
  /** `http://` or `https://`, host and port. */
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** PEM of the CA to trust. */
  readonly ca: string;
}

/** A launched server over plain HTTP; the same port speaks TLS. */
export async function targetOf(server: LaunchedServer): Promise<VendorTarget> {
  const { LIKENESS_ACCESS_KEY_ID = '', LIKENESS_ACCESS_KEY_SECRET = '' } = server.clientEnvironment;
  return {
    endpoint: server.endpoint.replace(/^https:/u, 'http:'),
    accessKeyId: LIKENESS_ACCESS_KEY_ID,
    accessKeySecret: LIKENESS_ACCESS_KEY_SECRET,
    ca: await readFile(join(server.dataDir, 'tls', 'ca.pem'), 'utf8'),
  };
}

/** Far above the SDK's own 3 s: these tests share their machine. */
const PATIENCE_MS = 30_000;

type TypedCall = (request: unknown, runtime: unknown) => Promise<{ readonly body?: Body }>;
type ModelClass = new (fields: object) => unknown;

/** `@alicloud/imagesearch20201214`, with what else its tests have to say to it. */
function createSdk(target: VendorTarget, signatureAlgorithm?: 'v2') {
  const { host, protocol } = new URL(target.endpoint);
  const client = new imagesearch.default(
    new $OpenApiUtil.Config({
      endpoint: host,
      protocol: protocol.replace(':', ''),
      accessKeyId: target.accessKeyId,
      accessKeySecret: target.accessKeySecret,
      connectTimeout: PATIENCE_MS,
      readTimeout: PATIENCE_MS,
      ...(signatureAlgorithm !== undefined && { signatureAlgorithm }),
    }),
  );
  const runtime = new dara.RuntimeOptions({ ca: target.ca });
  // Its configuration's field for it is one that no core reads.
  client._openPlatformEndpoint = host;
  const methods = client as unknown as Readonly<Record<string, TypedCall>>;
  const classes = models as unknown as Readonly<Record<string, ModelClass>>;
  return { client, runtime, methods, classes };
}

/** `@alicloud/imagesearch20201214`, signing ACS3, or RPC v1 with `signatureAlgorithm` `v2`. */
export function openVendorSdk(target: VendorTarget, signatureAlgorithm?: 'v2'): VendorClient {
  const { client, runtime, methods, classes } = createSdk(target, signatureAlgorithm);
  return {
    call: async (action, request, version = API_VERSIONS.CURRENT) => {
      if (version !== API_VERSIONS.CURRENT) {
        const params = new $OpenApiUtil.Params({ ...RPC_STYLE, action, version });
        const body = Object.fromEntries(
          Object.entries(request).map(([name, value]) => [toWireName(name), value]),
        );
        const answer: Body = await client.callApi(
          params,
          new $OpenApiUtil.OpenApiRequest({ body }),
          runtime,
        );
        return fromWireBody(answer['body']) as Body;
      }
      const Request = classes[`${action}Request`]!;
      const method = `${fromWireName(action)}WithOptions`;
      const { body } = await methods[method]!.call(client, new Request(request), runtime);
      return JSON.parse(JSON.stringify(body)) as Body;
    },
  };
}

/**
 * The `…Advance` methods of the same SDK, which upload the streams of a request first (`picContentObject` …). Whatever
 * the target says, the upload itself goes over TLS.
 */
export function openAdvanceSdk(target: VendorTarget, signatureAlgorithm?: 'v2'): VendorClient {
  const { client, runtime, methods, classes } = createSdk(target, signatureAlgorithm);
  return {
    call: async (action, request) => {
      const Request = classes[`${action}AdvanceRequest`]!;
      const method = `${fromWireName(action)}Advance`;
      const { body } = await methods[method]!.call(client, new Request(request), runtime);
      return JSON.parse(JSON.stringify(body)) as Body;
    },
  };
}

/** The step of an `…Advance` method that posts the form: the SDK's own, with whatever fields. */
export async function postBySdk(
  target: VendorTarget,
  bucket: string,
  { file, ...fields }: Readonly<Record<string, string>> & { readonly file: string },
): Promise<Body> {
  const { client, runtime } = createSdk(target);
  const content = Readable.from([Buffer.from(file, 'base64')]);
  const field = new dara.FileField({ filename: 'a', contentType: '', content });
  return client._postOSSObject(bucket, { ...fields, file: field }, runtime);
}

/** `@alicloud/pop-core`, which signs RPC v1 and sends everything in the query or in the form. */
export function openPopCore(target: VendorTarget, method: 'GET' | 'POST'): VendorClient {
  const agent = target.endpoint.startsWith('https:') && new Agent({ ca: target.ca });
  return {
    call: async (action, request, apiVersion = API_VERSIONS.CURRENT) => {
      const client = new popCore({
        endpoint: target.endpoint,
        apiVersion,
        accessKeyId: target.accessKeyId,
        accessKeySecret: target.accessKeySecret,
        opts: { method, timeout: PATIENCE_MS, ...(agent && { agent }) },
      });
      return fromWireBody(await client.request(action, request)) as Body;
    },
  };
}

/** pop-core's client of 2019-03-25, the ROA API: its path says what to do. */
export async function postRoa(
  { endpoint, accessKeyId, accessKeySecret }: VendorTarget,
  path: string,
  request: object,
): Promise<Body> {
  const client = new ROAClient({
    endpoint,
    accessKeyId,
    accessKeySecret,
    apiVersion: API_VERSIONS.ROA,
    opts: { timeout: PATIENCE_MS },
  });
  const form = formatForm(
    Object.entries(request).map(([name, value]) => [toWireName(name), String(value)]),
  );
  return fromWireBody(await client.post(path, {}, form, ROA_HEADERS)) as Body;
}

const ROA_HEADERS = { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' };

/** The package's types do not know it. */
const { ROAClient } = popCore as unknown as {
  readonly ROAClient: new (config: object) => {
    post(path: string, query: object, body: string, headers: object): Promise<unknown>;
  };
};

/** What generated clients say of every RPC action. */
const RPC_STYLE = {
  protocol: 'HTTPS',
  pathname: '/',
  method: 'POST',
  authType: 'AK',
  style: 'RPC',
  reqBodyType: 'formData',
  bodyType: 'json',
};

/** Code and status of what an SDK threw; pop-core keeps the status in its `entry`. */
export async function failureOf(call: Promise<unknown>): Promise<readonly unknown[]> {
  const [outcome] = await Promise.allSettled([call]);
  if (outcome.status === 'fulfilled') throw new Error('the call succeeded');
  const { code, statusCode, entry } = outcome.reason as {
    readonly code: string;
    readonly statusCode?: number;
    readonly entry?: { readonly response: { readonly statusCode: number } };
  };
  return [code, statusCode ?? entry?.response.statusCode];
}
