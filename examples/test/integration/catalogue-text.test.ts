import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ImageSearchClient } from '@likeness/sdk';

import { launchServer } from '../../../server/test/support/launched-server.ts';
import type { LaunchedServer } from '../../../server/test/support/launched-server.ts';
import { CATALOGUE_FOLDER, loadManifest } from '../../src/catalogue/manifest.ts';

const INSTANCE = 'texts';
const FIRST = 10;
/** Of the kinds asked for, how many must have one of theirs among the first {@link FIRST}. */
const MIN_FOUND = 0.7;

/** Kinds of the catalogue, as their customers call them in either language. */
const KINDS: readonly (readonly [english: string, chinese: string, kinds: readonly string[]])[] = [
  ['T-shirt', 'T恤', ['t-shirt']],
  ['shirt', '衬衫', ['shirt']],
  ['dress', '连衣裙', ['dress', 'slip dress']],
  ['jeans', '牛仔裤', ['trousers']],
  ['socks', '袜子', ['socks']],
  ['sports shoes', '运动鞋', ['sneakers', 'running shoes']],
  ['high heels', '高跟鞋', ['heels']],
  ['handbag', '手提包', ['handbag', 'shoulder bag', 'tote']],
  ['backpack', '双肩包', ['backpack']],
  ['watch', '手表', ['watch']],
  ['sunglasses', '太阳镜', ['sunglasses']],
  ['belt', '皮带', ['belt']],
  ['lipstick', '口红', ['lipstick']],
  ['perfume', '香水', ['perfume']],
];

let server: LaunchedServer;
let client: ImageSearchClient;
const kindOf = new Map<string, string>();

beforeAll(async () => {
  const pack = await readFile(
    new URL('../../../server/models/lite/pack.json', import.meta.url),
    'utf8',
  );
  if (!('text' in (JSON.parse(pack) as object))) {
    throw new Error('the embedded model pack knows no texts: server/models/lite has no text part');
  }
  server = await launchServer();
  const { LIKENESS_ACCESS_KEY_ID = '', LIKENESS_ACCESS_KEY_SECRET = '' } = server.clientEnvironment;
  client = new ImageSearchClient({
    endpoint: server.endpoint,
    accessKeyId: LIKENESS_ACCESS_KEY_ID,
    accessKeySecret: LIKENESS_ACCESS_KEY_SECRET,
  });
  await client.createInstance({ instanceName: INSTANCE, serviceType: 'generic' });
  const { products, pictures } = await loadManifest();
  for (const { productId, kind } of products) kindOf.set(productId, kind);
  for (const { file, productId, view: picName } of pictures) {
    if (picName !== 'front') continue;
    const picContent = await readFile(new URL(file, CATALOGUE_FOLDER));
    await client.addImage({
      instanceName: INSTANCE,
      productId,
      picName,
      picContent,
      crop: false,
      strAttr: kindOf.get(productId) ?? '',
    });
  }
}, 120_000);
afterAll(() => server?.stop());

async function find(text: string): Promise<readonly string[]> {
  const { auctions } = await client.searchImageByText({ instanceName: INSTANCE, text, num: FIRST });
  return auctions.map(({ productId, score }) => `${productId} ${score}`);
}

describe('the sample catalogue, searched by text', () => {
  test.each(['English', 'Chinese'] as const)('is found in %s', async (language) => {
    const missed: string[] = [];
    for (const [english, chinese, kinds] of KINDS) {
      const text = language === 'English' ? english : chinese;
      const found = (await find(text)).map((hit) => kindOf.get(hit.split(' ')[0] ?? ''));
      if (!found.some((kind) => kind !== undefined && kinds.includes(kind))) missed.push(text);
    }
    const isEnough = missed.length <= KINDS.length * (1 - MIN_FOUND);
    // Of a failure, what was missed tells more than a share.
    expect({ isEnough, missed }).toEqual({ isEnough: true, missed });
  });

  test.each([
    ['traditional characters', '运动鞋', '運動鞋'],
    ['case', 'red t-shirt', 'RED T-Shirt'],
    ['full width', 'red watch', 'ｒｅｄ　ｗａｔｃｈ'],
  ])('answers the same whatever the %s', async (_, text, other) => {
    expect(await find(other)).toEqual(await find(text));
  });

  test('finds nothing for what is neither known nor written anywhere', async () => {
    expect(await find('qzxvkj wqpfgh')).toEqual([]);
  });
});
