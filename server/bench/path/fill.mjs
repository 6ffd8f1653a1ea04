/** An instance of many images whose pictures nobody looked at: records are written straight into the store. */
import { LIMITS, OTHER_CATEGORY } from '@likeness/shared/api';

import { openFolder, settingsOf } from '../console/fill.mjs';
import { createRandom } from './pictures.mjs';

/** Generic: every search looks at every row. */
const SERVICE_TYPE = 1;
const AT_ONCE = 1000;
/** How far an image lies from the picture that it is like: about a cosine of .8. */
const SPREAD = 0.75;

/**
 * Fills an instance of a new data folder. Vectors lie about those of the pictures, so that a search for one of them has
 * neighbours; nothing of an image is kept but its record.
 *
 * @param {{ folder: string, name: string, images: number, pictures: readonly Uint8Array[] }} wanted
 */
export async function fillRecords({ folder, name, images, pictures }) {
  const { records, vision, catalog, close } = await openFolder(folder);
  try {
    const settings = { ...settingsOf(name, SERVICE_TYPE), capacity: LIMITS.MAX_CAPACITY };
    const { id } = await catalog.createCollection(settings);
    const limits = { maxBytes: 4 << 20, minSidePx: 16, maxSidePx: 8192, orientation: 'refuse' };
    const framing = { kind: 'whole' };
    const look = (picture) => vision.analyze({ picture, framing, limits, priority: 'background' });
    const seen = await Promise.all(pictures.map(look));
    const random = createRandom(11);
    for (let start = 0; start < images; start += AT_ONCE) {
      const length = Math.min(AT_ONCE, images - start);
      await records.write(
        id,
        Array.from({ length }, (_, i) => {
          const analysis = seen[(start + i) % seen.length];
          const image = recordOf(analysis, start + i, random);
          return { kind: 'put', image: { ...image, fingerprint: vision.pack.fingerprint } };
        }),
      );
    }
  } finally {
    await close();
  }
}

function recordOf({ region, widthPx, heightPx, vector }, number, random) {
  return {
    productId: `product-${number}`,
    picName: 'front.jpg',
    addedMs: 0,
    category: OTHER_CATEGORY,
    categoryGiven: false,
    framing: 'whole',
    region,
    widthPx,
    heightPx,
    pictureBytes: 400_000,
    customContent: `image ${number}`,
    attributes: { int_attr: number % 100 },
    vector: near(vector, random),
  };
}

function near(vector, random) {
  const scale = (SPREAD * Math.sqrt(12)) / Math.sqrt(vector.length);
  const moved = vector.map((value) => value + scale * (random() - 0.5));
  const length = Math.hypot(...moved);
  return moved.map((value) => value / length);
}
