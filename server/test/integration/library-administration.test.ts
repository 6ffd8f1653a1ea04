import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { ImageSearchClient } from '@likeness/sdk';

import { malformedTagFilter } from '../../../shared/test/support/tag-filters.ts';
import { TEST_KEY } from '../support/gateway-server.ts';
import { OperatorCalls } from '../support/operator-calls.ts';
import { SHOP, startObserved, type ObservedServer } from '../support/observed-server.ts';
import { withFolder } from '../support/stored-catalog.ts';
import { tellPpm } from '../support/told-vision.ts';

const TOP = { library_name: 'tops', image_id: 'p1' };
const LIBRARY = { LibraryName: 'tops' };
const PICTURE = { ...LIBRARY, ProductId: 'p1', PicName: 'front' };
const MALFORMED = process.env['LIKENESS_PROVE'] === undefined ? 100 : 1000;
const TIMEOUT_MS = 3_600_000;

/** Runs with a server that holds an instance without pictures, and a library with two. */
async function withTops(use: (server: ObservedServer) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const server = await startObserved(folder);
    try {
      await server.administer('CreateInstance', SHOP);
      await new OperatorCalls(server.port).post('library/create', {
        library_name: 'tops',
        mode: 'general_search',
      });
      await addTop(server, 'front', { Color: 'red', int_attr: 'many', __proto__x: 1 });
      await addTop(server, 'back', { price: 5 });
      await use(server);
    } finally {
      await server.stop();
    }
  });
}

async function addTop(server: ObservedServer, uri: string, tags: object): Promise<void> {
  const picture = tellPpm({ vector: [1, 0, 0, 0], note: uri });
  const image_base64 = Buffer.from(picture).toString('base64');
  const { status } = await new OperatorCalls(server.port).post('image/add', {
    ...TOP,
    image_uri: uri,
    image_base64,
    tags,
  });
  expect(status).toBe('SUCCESS');
}

async function codeOf(
  server: ObservedServer,
  action: string,
  form: Readonly<Record<string, string>>,
  key?: typeof TEST_KEY,
): Promise<unknown> {
  return (await server.administer(action, form, key)).json['Code'];
}

function clientOf({ port }: ObservedServer): ImageSearchClient {
  return new ImageSearchClient({ endpoint: `http://127.0.0.1:${port}`, ...TEST_KEY });
}

describe('LibraryName in place of InstanceName', () => {
  test('lists a library with its tags, filtered by them', async () => {
    await withTops(async (server) => {
      const { json } = await server.administer('ListImages', { ...LIBRARY, ThumbnailWidth: '160' });
      expect(json).toMatchObject({
        Total: 2,
        Images: [
          { ProductId: 'p1', PicName: 'back', Tags: { price: 5 }, IntAttr: 0, StrAttr: '' },
          { PicName: 'front', Tags: { Color: 'red', int_attr: 'many' }, IntAttr: 0 },
        ],
      });
      const filter = '[{"field":"price","op":">","value":"4.5"}]';
      const filtered = await server.administer('ListImages', { ...LIBRARY, Filter: filter });
      expect(filtered.json).toMatchObject({ Total: 1, Images: [{ PicName: 'back' }] });
      for (const [wrong, why] of [
        ['int_attr = 5', 'a library takes a tag filter in JSON'],
        ['[{"field":"price","op":"~","value":5}]', 'tag_filter[0].op: expected one of'],
      ] as const) {
        const refused = await server.administer('ListImages', { ...LIBRARY, Filter: wrong });
        expect(refused.json).toMatchObject({
          Code: 'InvalidFilterClause',
          Message: expect.stringContaining(why),
        });
      }
    });
  });

  test('gives presigned addresses of a library’s pictures', async () => {
    await withTops(async (server) => {
      for (const [action, field] of [
        ['GetPicture', 'Picture'],
        ['GetThumbnail', 'Thumbnail'],
      ] as const) {
        const { json } = await server.administer(action, PICTURE);
        const { Url } = json[field] as { readonly Url: string };
        expect(Url).toContain('LibraryName=tops');
        expect((await server.get(`${Url}x`)).status).toBe(400);
      }
      const { json } = await server.administer('GetThumbnail', PICTURE);
      const { Url } = json['Thumbnail'] as { readonly Url: string };
      expect((await server.get(Url)).status).toBe(200);
    });
  });

  test('tells the usage of a library alone', async () => {
    await withTops(async (server) => {
      await server.administer('ListImages', LIBRARY);
      const usageOf = async (form: Readonly<Record<string, string>>) =>
        (await server.administer('GetUsage', form)).json as {
          readonly Usage: readonly Record<string, unknown>[];
        };
      const { Usage } = await usageOf({ ...LIBRARY, GroupBy: 'LibraryName,Action' });
      expect(
        Usage.map(({ LibraryName, InstanceName, Action }) => [LibraryName, InstanceName, Action]),
      ).toEqual(expect.arrayContaining([['tops', undefined, 'ListImages']]));
      expect(new Set(Usage.map(({ LibraryName }) => LibraryName))).toEqual(new Set(['tops']));
      const all = await usageOf({ GroupBy: 'InstanceName,LibraryName' });
      expect(all.Usage).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ LibraryName: 'tops' }),
          expect.objectContaining({ InstanceName: 'shop' }),
        ]),
      );
    });
  });

  test('is asked for with the rights that the library needs', async () => {
    await withTops(async (server) => {
      const makeKey = async (scopes: string): Promise<typeof TEST_KEY> => {
        const { json } = await server.administer('CreateAccessKey', {
          Role: 'read',
          Scopes: scopes,
        });
        const key = json['AccessKey'] as Record<'AccessKeyId' | 'AccessKeySecret', string>;
        return { accessKeyId: key.AccessKeyId, accessKeySecret: key.AccessKeySecret };
      };
      const [shops, tops] = [await makeKey('instance:*'), await makeKey('library:top*')];
      for (const action of ['ListImages', 'GetPicture', 'GetThumbnail']) {
        expect(await codeOf(server, action, PICTURE, tops)).toBe(0);
        expect(await codeOf(server, action, PICTURE, shops)).toBe('InvalidInstance');
        const asInstance = { ...PICTURE, LibraryName: '', InstanceName: 'tops' };
        expect(await codeOf(server, action, asInstance, tops)).toBe('InvalidInstance');
      }
    });
  });

  test('refuses both, neither, and what there is not', async () => {
    await withTops(async (server) => {
      const refusal = async (action: string, form: Readonly<Record<string, string>>) => {
        const { Code, Message } = (await server.administer(action, form)).json;
        return [Code, Message];
      };
      const both = { ...PICTURE, InstanceName: 'shop' };
      for (const action of ['ListImages', 'GetPicture', 'GetThumbnail', 'GetUsage']) {
        expect(await refusal(action, both)).toEqual([
          'BadRequest',
          'The request has invalid parameters: InstanceName and LibraryName cannot both be given.',
        ]);
        expect(await refusal(action, { ...PICTURE, LibraryName: 'shop' })).toEqual([
          'InvalidInstance',
          "Image library 'shop' does not exist.",
        ]);
      }
      expect(await codeOf(server, 'ListImages', {})).toBe('InvalidInstanceName');
      // An action that knows no libraries is not sent to one.
      expect(await codeOf(server, 'ClearInstance', LIBRARY)).toBe('InvalidInstanceName');
    });
  });

  test('is known to the SDK, which leaves names of tags alone', async () => {
    await withTops(async (server) => {
      const client = clientOf(server);
      const filter = [{ field: 'Color', op: 'like', value: 'e' }] as const;
      const found = [];
      for await (const image of client.listAllImages({ libraryName: 'tops', filter, num: 1 }))
        found.push([image.picName, image.tags]);
      expect(found).toEqual([['front', { Color: 'red', int_attr: 'many', __proto__x: 1 }]]);
      const front = { libraryName: 'tops', productId: 'p1', picName: 'front' };
      expect((await client.getPicture(front)).picture.bytes).toBeGreaterThan(0);
      // @ts-expect-error one or the other
      const both = client.getThumbnail({ ...front, instanceName: 'shop' });
      await expect(both).rejects.toMatchObject({ code: 'BadRequest' });
    });
  });
});

describe('tags', () => {
  test('may have any name, those of every object too', async () => {
    await withTops(async (server) => {
      const calls = new OperatorCalls(server.port);
      const tags = '{"__proto__":"p","constructor":["c"],"toString":1}';
      const image_base64 = Buffer.from(tellPpm({ vector: [0, 1, 0, 0] })).toString('base64');
      const body = JSON.stringify({ ...TOP, image_uri: 'odd', image_base64, tags: 0 });
      const added = await calls.post('image/add', body.replace('"tags":0', `"tags":${tags}`));
      expect(added.http).toBe(200);
      for (const field of ['__proto__', 'constructor', 'toString']) {
        const tag_filter = [{ field, op: 'in', value: ['p', 'c', 1] }];
        const { response } = await calls.post('image/query', { library_name: 'tops', tag_filter });
        expect(response.text).toContain('"total":1');
        expect(response.text).toContain(`"tags":${tags}`);
      }
    });
  });
});

describe('a malformed tag_filter', () => {
  const refuse = async (server: ObservedServer): Promise<void> => {
    const calls = new OperatorCalls(server.port);
    const sample = fc.sample(malformedTagFilter(), { seed: 9, numRuns: MALFORMED });
    for (const { value, path } of sample) {
      const query = { library_name: 'tops', tag_filter: value };
      const { http, status, message } = await calls.post('image/query', query);
      const place = message?.slice(0, message.indexOf(': expected '));
      const refusal = { http: 400, status: 'INVALID_TAG_FILTER', place: path };
      expect({ value, http, status, place }).toEqual({ value, ...refusal });
    }
  };
  test(
    `is refused with the place of its mistake, ${MALFORMED} times`,
    () => withTops(refuse),
    TIMEOUT_MS,
  );
});
