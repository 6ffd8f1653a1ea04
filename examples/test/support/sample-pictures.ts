import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import sharp from 'sharp';

const SIDE_PX = 300;

/** Writes a picture of a coloured shape on white: `circle` and `box` look different enough to be told apart. */
export async function writePicture(
  folder: string,
  name: string,
  { shape, colour }: { readonly shape: 'box' | 'circle'; readonly colour: string },
): Promise<void> {
  const drawing =
    shape === 'box'
      ? `<rect x="60" y="90" width="180" height="120" fill="${colour}"/>`
      : `<circle cx="150" cy="150" r="90" fill="${colour}"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE_PX}" height="${SIDE_PX}">${drawing}</svg>`;
  const picture = sharp(Buffer.from(svg)).flatten({ background: 'white' });
  await writeFile(join(folder, name), await picture.jpeg().toBuffer());
}
