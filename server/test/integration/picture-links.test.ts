import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import {
  filesUnder,
  SHOP,
  startObserved,
  type ObservedServer,
} from '../support/observed-server.ts';
import type { SignedCall } from '../support/signed-call.ts';
import { withFolder } from '../support/stored-catalog.ts';
import { tellPicture } from '../support/told-vision.ts';

const RED = { vector: [1, 0, 0, 0], note: 'red' };
const PICTURE = { InstanceName: 'shop', ProductId: 'p1', PicName: 'a' };
const HOUR_MS = 3_600_000;
const START_MS = 1_700_000_000_000;

interface Hit {
  readonly PicName: string;
  readonly Score: number;
  readonly RawScore?: number;
  readonly ThumbnailUrl?: string;
}

/** Runs with a server that holds one instance with two pictures, and a clock that can be set. */
async function withShop(
  use: (server: ObservedServer, clock: { nowMs: number }, folder: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const clock = { nowMs: START_MS };
    const server = await startObserved(folder, { now: () => clock.nowMs });
    try {
      await server.administer('CreateInstance', SHOP);
      await server.addPicture('a', RED);
      await server.addPicture('b', { vector: [0.6, 0.8, 0, 0] });
      await use(server, clock, folder);
    } finally {
      await server.stop();
    }
  });
}

async function hitsOf(
  server: ObservedServer,
  form: Readonly<Record<string, string>>,
  action = 'SearchImageByName',
): Promise<readonly Hit[]> {
  const { json } = await server.call({ action, form: { ...PICTURE, ...form } });
  return json['Auctions'] as Hit[];
}

async function thumbnailOf(server: ObservedServer, key?: SignedCall['key']): Promise<string> {
  const { json } = await server.administer('GetThumbnail', PICTURE, key);
  return (json['Thumbnail'] as { readonly Url: string }).Url;
}

async function codeAt(server: ObservedServer, url: string): Promise<unknown> {
  const { Code } = (await (await server.get(url)).json()) as { readonly Code: string };
  return Code;
}

describe('thumbnails and raw scores of searches and lists', () => {
  test('are answered to whoever asks, and to nobody else', async () => {
    await withShop(async (server) => {
      const [plain] = await hitsOf(server, {});
      expect([plain?.ThumbnailUrl, plain?.RawScore]).toEqual([undefined, undefined]);
      const [first, second] = await hitsOf(server, { ThumbnailWidth: '200', RawScore: 'true' });
      expect([first?.RawScore, second?.RawScore?.toFixed(2)]).toEqual([1, '0.60']);
      const response = await server.get(second?.ThumbnailUrl ?? '');
      expect(await response.text()).toMatch(/^320 .*0\.6/u);
      const listed = await server.administer('ListImages', { ...PICTURE, ThumbnailWidth: '1' });
      const [image] = listed.json['Images'] as Hit[];
      expect(image?.ThumbnailUrl).toContain('Width=160');
      const filter = { Filter: 'int_attr!=1', ThumbnailWidth: '1280' };
      const [filtered] = await hitsOf(server, filter, 'SearchImageByFilter');
      expect(filtered?.ThumbnailUrl).toContain('Width=1280');
    });
  });

  test.each([
    ['ThumbnailWidth', '0'],
    ['ThumbnailWidth', '1281'],
    ['ThumbnailWidth', 'wide'],
    ['RawScore', 'maybe'],
  ])('%s=%s is a bad request', async (name, value) => {
    await withShop(async (server) => {
      const form = { ...PICTURE, [name]: value };
      const { json } = await server.call({ action: 'SearchImageByName', form });
      expect(json['Code']).toBe('BadRequest');
    });
  });
});

describe('presigned addresses', () => {
  test('give the picture byte for byte, as nothing but a picture', async () => {
    await withShop(async (server, clock) => {
      const { json } = await server.administer('GetPicture', PICTURE);
      const { Url, ...told } = json['Picture'] as { readonly Url: string };
      const bytes = tellPicture(RED);
      const expireMs = (Math.floor(clock.nowMs / HOUR_MS) + 2) * HOUR_MS;
      expect(told).toEqual({
        UtcExpire: String(expireMs),
        Bytes: bytes.length,
        Width: 200,
        Height: 200,
      });
      // What is told of as JSON has no format that is served.
      expect(await codeAt(server, Url)).toBe('PicNotExist');
      const thumbnail = await server.get(await thumbnailOf(server));
      expect(thumbnail.status).toBe(200);
      expect(Object.fromEntries(thumbnail.headers)).toMatchObject({
        'content-type': 'image/webp',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
        'cache-control': `private, max-age=${(expireMs - clock.nowMs) / 1000}, immutable`,
      });
    });
  });

  test('are equal within an hour, so that browsers cache, and end within two', async () => {
    await withShop(async (server, clock) => {
      const url = await thumbnailOf(server);
      clock.nowMs += 60_000;
      expect(await thumbnailOf(server)).toBe(url);
      clock.nowMs += HOUR_MS;
      expect(await thumbnailOf(server)).not.toBe(url);
      clock.nowMs += HOUR_MS;
      expect(await codeAt(server, url)).toBe('InvalidTimeStamp.Expired');
    });
  });

  test('hold for exactly what was signed', async () => {
    await withShop(async (server) => {
      const url = await thumbnailOf(server);
      const altered = [
        url.replace('PicName=a', 'PicName=b'),
        url.replace('Width=320', 'Width=160'),
        url.replace('&Width=320', ''),
        url.replace(/Expires=(\d+)/u, (_, seconds) => `Expires=${Number(seconds) + 3600}`),
        url.replace('?', '?PicName=b&'),
        `${url}A`,
        `${url}&PicName=b`,
        url.slice(0, -1),
      ];
      for (const each of altered) expect(await codeAt(server, each)).toBe('SignatureDoesNotMatch');
      expect(await codeAt(server, url.split('&Signature')[0] ?? '')).toBe('MissingSignature');
      const other = url.replace(/AccessKeyId=[^&]+/u, 'AccessKeyId=nobody');
      expect(await codeAt(server, other)).toBe('InvalidAccessKeyId.NotFound');
    });
  });

  test('end with the key: its loss of scope, its disabling, its expiry, its end', async () => {
    await withShop(async (server, clock) => {
      const created = await server.administer('CreateAccessKey', {
        Role: 'read',
        Scopes: 'instance:shop',
      });
      const { AccessKeyId, AccessKeySecret } = created.json['AccessKey'] as {
        readonly AccessKeyId: string;
        readonly AccessKeySecret: string;
      };
      const key = { accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret };
      const url = await thumbnailOf(server, key);
      expect(url).toContain(`AccessKeyId=${AccessKeyId}`);
      expect((await server.get(url)).status).toBe(200);
      const change = (values: Readonly<Record<string, string>>) =>
        server.administer('UpdateAccessKey', { UserAccessKeyId: AccessKeyId, ...values });
      await change({ Scopes: 'instance:other' });
      expect(await codeAt(server, url)).toBe('InvalidInstance');
      await change({ Scopes: 'instance:sh*', Enabled: 'false' });
      expect(await codeAt(server, url)).toBe('InvalidAccessKeyId.Inactive');
      await change({ Enabled: 'true', UtcExpireTime: String(clock.nowMs + 60_000) });
      expect((await server.get(url)).status).toBe(200);
      clock.nowMs += 60_000;
      expect(await codeAt(server, url)).toBe('InvalidAccessKeyId.Inactive');
      await server.administer('DeleteAccessKey', { UserAccessKeyId: AccessKeyId });
      expect(await codeAt(server, url)).toBe('InvalidAccessKeyId.NotFound');
    });
  });

  test('end with the picture, whether it is replaced or deleted', async () => {
    await withShop(async (server) => {
      const url = await thumbnailOf(server);
      await server.addPicture('a', { ...RED, note: 'another' });
      const gone = await server.get(url);
      expect([gone.status, await gone.json()]).toMatchObject([404, { Code: 'PicNotExist' }]);
      const next = await thumbnailOf(server);
      expect(next).not.toBe(url);
      await server.call({ action: 'DeleteImage', form: PICTURE });
      expect((await server.get(next)).status).toBe(404);
    });
  });

  test('of a picture that is not kept there are none', async () => {
    await withShop(async (server) => {
      await server.administer('UpdateInstance', { InstanceName: 'shop', KeepPictures: 'false' });
      await server.addPicture('a', RED);
      const { json } = await server.administer('GetPicture', PICTURE);
      expect(json['Code']).toBe('PicNotExist');
      const [hit] = await hitsOf(server, { ThumbnailWidth: '100' });
      expect(hit?.ThumbnailUrl).toBe('');
    });
  });
});

describe('kept thumbnails', () => {
  test('are made once, made again when they are lost or damaged, and go with their picture', async () => {
    await withShop(async (server, _clock, folder) => {
      const kept = join(folder, 'derived', 'thumbnails');
      const url = await thumbnailOf(server);
      const texts = await Promise.all([0, 1, 2].map(async () => (await server.get(url)).text()));
      expect(new Set(texts).size).toBe(1);
      expect(await filesUnder(kept)).toHaveLength(1);
      await rm(join(folder, 'derived'), { recursive: true });
      expect(await (await server.get(url)).text()).toBe(texts[0]);
      const [file = ''] = await filesUnder(kept);
      const damaged = await readFile(file);
      damaged[3] = (damaged[3] ?? 0) ^ 1;
      await writeFile(file, damaged);
      expect(await (await server.get(url)).text()).toBe(texts[0]);
      await server.call({ action: 'DeleteImage', form: PICTURE });
      await server.stored.catalog.maintain();
      expect(await filesUnder(kept)).toEqual([]);
      expect(server.stored.errors).toEqual([]);
    });
  });
});
