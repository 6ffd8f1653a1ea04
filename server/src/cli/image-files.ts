import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';

import { UsageError } from './failures.ts';

/** A picture to be added, and the key it gets. */
export interface ImageFile {
  readonly path: string;
  readonly productId: string;
  readonly picName: string;
}

export interface KeyOptions {
  readonly productId?: string;
  readonly picName?: string;
}

/** What is taken from a folder; a file that is named itself is taken whatever it is called. */
const PICTURE_EXTENSIONS = new Set(
  'jpg jpeg png webp gif tif tiff bmp ppm'.split(' ').map((extension) => `.${extension}`),
);

/**
 * The pictures among files and folders (walked to the bottom), in the order given, folders by name.
 *
 * The product is the file's name without its extension, the picture its path inside the folder that was named.
 *
 * @throws {UsageError} when two files would get the same key: the second would replace the first.
 */
export async function findImageFiles(
  paths: readonly string[],
  options: KeyOptions,
): Promise<ImageFile[]> {
  const found: ImageFile[] = [];
  const pathsByKey = new Map<string, string>();
  for (const path of paths) {
    for (const [file, name] of await filesOf(path)) {
      const productId = options.productId ?? basename(file, extname(file));
      const picName = options.picName ?? name;
      const key = JSON.stringify([productId, picName]);
      const twin = pathsByKey.get(key);
      if (twin !== undefined) {
        throw new UsageError(
          `${twin} and ${file} would both be stored as product "${productId}", picture "${picName}".`,
        );
      }
      pathsByKey.set(key, file);
      found.push({ path: file, productId, picName });
    }
  }
  return found;
}

/** The files at `path`, each with the name it has there. */
async function filesOf(path: string): Promise<[file: string, name: string][]> {
  if (!(await stat(path)).isDirectory()) return [[path, basename(path)]];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => PICTURE_EXTENSIONS.has(extname(file).toLowerCase()))
    .toSorted()
    .map((file) => [file, relative(path, file).split(sep).join('/')]);
}
