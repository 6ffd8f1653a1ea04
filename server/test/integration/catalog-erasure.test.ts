import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

import { describe, expect, test } from '@jest/globals';

import { imageOf, openStoredCatalog, settingsOf, withFolder } from '../support/stored-catalog.ts';

const RED = { vector: [1, 0, 0, 0] };

describe('what was deleted', () => {
  const MARKER = 'a text that nobody may find again';

  async function holdsMarker(folder: string): Promise<boolean> {
    const names = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile());
    const contents = await Promise.all(
      files.map(({ parentPath, name }) => readFile(join(parentPath, name))),
    );
    return contents.some((bytes) => bytes.includes(MARKER));
  }

  test('is nowhere in the folder after a round of maintenance: neither text nor picture', () =>
    withFolder(async (folder) => {
      const stored = await openStoredCatalog(folder);
      const { catalog } = stored;
      const info = await catalog.createCollection(settingsOf());
      const told = { ...RED, note: MARKER };
      for (const name of ['a', 'b', 'c']) {
        const marked = name === 'b' ? { customContent: MARKER } : {};
        const image = imageOf('p', name, name === 'b' ? told : { ...RED, note: name });
        await catalog.addImage(info, { ...image, ...marked });
      }
      expect(await holdsMarker(folder)).toBe(true);
      await catalog.removeImages(info, { kind: 'picture', productId: 'p', picName: 'b' });
      await catalog.maintain();
      expect(await holdsMarker(folder)).toBe(false);
      const { images } = await catalog.list(info, { start: 0, num: 10 });
      expect(images.map(({ picName }) => picName)).toEqual(['a', 'c']);
      await stored.close();
      expect([stored.damage, stored.errors]).toEqual([[], []]);
    }));

  test('goes from the index in slices, between which others get their turn and see whole answers', () =>
    withFolder(async (folder) => {
      const stored = await openStoredCatalog(folder);
      const { catalog, records } = stored;
      const info = await catalog.createCollection(
        settingsOf({ capacity: 10_000, keepPictures: false }),
      );
      await catalog.addImage(info, imageOf('keep', 'x', RED));
      const model = await records.get(info.id, { productId: 'keep', picName: 'x' });
      await stored.close();
      const filling = await openStoredCatalog(folder);
      const changes = Array.from({ length: 3_000 }, (_, index) => {
        const image = {
          ...(model as NonNullable<typeof model>),
          productId: 'p',
          picName: `${index}`,
        };
        return { kind: 'put', image } as const;
      });
      await filling.records.write(info.id, changes);
      await filling.close();
      const again = await openStoredCatalog(folder);
      const removing = again.catalog.removeImages(info, { kind: 'product', productId: 'p' });
      const seen: number[] = [];
      const removed = removing.then(() => true);
      while (!(await Promise.race([removed, setImmediate(false)]))) {
        const { found } = await again.catalog.list(info, { start: 0, num: 2 });
        seen.push(found);
      }
      expect(await removing).toHaveLength(3_000);
      expect(new Set([...seen, 1])).toEqual(new Set(seen.includes(3_001) ? [3_001, 1] : [1]));
      const { images: left } = await again.catalog.list(info, { start: 0, num: 10 });
      expect(left.map(({ picName }) => picName)).toEqual(['x']);
      await again.close();
      expect([again.damage, again.errors]).toEqual([[], []]);
    }));
});
