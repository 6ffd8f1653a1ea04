import type { ImageSearchClient } from '@likeness/sdk';
import { fromFile } from '@likeness/sdk/node';
import { ATTRIBUTES, fromWireName } from '@likeness/shared/api';

import type { AddOptions, AddPicture } from './add-options.ts';
import { refuseUnused } from './failures.ts';

/** What adds one picture to an image library. */
export function addToLibrary(
  client: ImageSearchClient,
  libraryName: string,
  options: AddOptions,
): AddPicture {
  refuseOptionsOfInstances(options);
  const library = client.library(libraryName);
  const { tag: tags = {}, saveImage } = options;
  return async ({ path, productId: imageId, picName: imageUri }) => {
    await library.add({ imageId, imageUri, image: fromFile(path), tags, saveImage });
  };
}

function refuseOptionsOfInstances(options: AddOptions): void {
  const { category, region, crop, customContent } = options;
  const given = new Map<string, unknown>(Object.entries(options));
  const attributes = ATTRIBUTES.map(({ wire, name }) => [
    `--${name.replace('_', '-')}`,
    given.get(fromWireName(wire)),
  ]);
  refuseUnused('An image library', {
    '--category': category,
    '--region': region,
    '--no-crop': !crop,
    '--custom-content': customContent,
    ...Object.fromEntries(attributes),
  });
}
