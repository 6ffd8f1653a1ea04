import { readFile } from 'node:fs/promises';

import type { PictureContent } from '@likeness/sdk';
import { fromFile } from '@likeness/sdk/node';

/** A file's picture in every form that the SDK takes, each with its name. */
export async function pictureForms(
  path: string,
): Promise<readonly (readonly [form: string, picture: PictureContent])[]> {
  const bytes = await readFile(path);
  return [
    ['bytes', bytes],
    ['blob', new Blob([bytes])],
    ['base64', bytes.toString('base64')],
    ['stream', new Blob([bytes]).stream()],
    ['file', fromFile(path)],
  ];
}
