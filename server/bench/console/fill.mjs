/** An instance of many pictures, without the hours that looking at each would take. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { OTHER_CATEGORY } from '@likeness/shared/api';

import { DEFAULT_SETTINGS } from '../../dist/catalog/default-settings.js';
import { createCatalog } from '../../dist/catalog/likeness-catalog.js';
import { nodeDisk } from '../../dist/disk/disk.js';
import { DamageRegister } from '../../dist/store/damage-register.js';
import { openStores } from '../../dist/store/open-stores.js';
import { createVectorEngine } from '../../dist/vectors/create-vector-engine.js';
import { createVision, EMBEDDED_PACK_FOLDER } from '../../dist/vision/create-vision.js';
import { forEachSome } from '../evaluate/instance.mjs';

const CATALOGUE = new URL('../../../examples/catalogue/', import.meta.url);
const ID_BYTES = 10;

/**
 * Fills a product instance of a new data folder with copies of the sample catalogue's pictures, each under names of its
 * own; the model pack looks at each picture once.
 *
 * @param {{ folder: string, name: string, images: number }} wanted
 */
export async function fillInstance({ folder, name, images }) {
  const { catalog, close } = await openFolder(folder);
  try {
    const collection = await catalog.createCollection(settingsOf(name));
    const manifest = JSON.parse(await readFile(new URL('manifest.json', CATALOGUE), 'utf8'));
    const pictures = await readPictures(manifest);
    await forEachSome(
      Array.from({ length: images }, (_, index) => index),
      (index) => catalog.addImage(collection, copyOf(pictures, index)),
    );
  } finally {
    await close();
  }
}

/** A catalog over a data folder that no server has open, and what it stands on. */
export async function openFolder(dataDir) {
  const { folder, records, objects } = await openStores(dataDir, {
    disk: nodeDisk,
    createName: randomUUID,
  });
  const vision = await createVision({
    packFolder: fileURLToPath(EMBEDDED_PACK_FOLDER),
    workers: 2,
    onWorkerLost: () => {},
  });
  const vectors = createVectorEngine();
  const now = Date.now;
  const catalog = await createCatalog({
    records,
    objects,
    vision: remembering(vision),
    vectors,
    disk: nodeDisk,
    derivedFolder: folder.derived,
    reserveBytes: 0,
    damage: new DamageRegister({ now, onDamage: (damage) => console.error(damage) }),
    now,
    createId: () => randomBytes(ID_BYTES).toString('hex'),
    onReembedded: () => {},
    onBackgroundError: (error) => console.error(error),
  });
  const close = async () => {
    await catalog.close();
    await vectors.close();
    await vision.close();
    await records.close();
  };
  return { records, vision, catalog, close };
}

/** Looks at equal pictures once. */
function remembering(vision) {
  const known = new Map();
  const analyze = (request) => {
    const key = createHash('sha256').update(request.picture).digest('hex');
    const analysis = known.get(key) ?? vision.analyze({ ...request, priority: 'background' });
    known.set(key, analysis);
    return analysis;
  };
  return new Proxy(vision, {
    get: (target, name) => {
      if (name === 'analyze') return analyze;
      const value = target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Of an instance without limits. */
export function settingsOf(name, serviceType = 0) {
  return {
    ...DEFAULT_SETTINGS,
    facade: 'instance',
    name,
    serviceType,
    mode: 'subject',
  };
}

function readPictures({ pictures, products }) {
  const productOf = new Map(products.map((product) => [product.productId, product]));
  return Promise.all(
    pictures.map(async ({ file, productId }) => ({
      file,
      product: productOf.get(productId),
      picture: await readFile(new URL(file, CATALOGUE)),
    })),
  );
}

function copyOf(pictures, index) {
  const { file, product, picture } = pictures[index % pictures.length];
  const copy = Math.floor(index / pictures.length);
  return {
    productId: copy === 0 ? product.productId : `${product.productId}-${copy}`,
    picName: file.slice(file.lastIndexOf('/') + 1),
    picture,
    crop: true,
    category: product.categoryId ?? OTHER_CATEGORY,
    customContent: product.name,
    attributes: { int_attr: product.price, str_attr: product.colour, str_attr2: product.brand },
  };
}
