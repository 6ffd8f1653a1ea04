import type { AddImageRequest, ImageSearchClient } from '@likeness/sdk';
import { fromFile } from '@likeness/sdk/node';

import type { AddOptions, AddPicture } from './add-options.ts';
import { refuseUnused } from './failures.ts';
import { given } from './given.ts';

type Shared = Omit<AddImageRequest, 'instanceName' | 'productId' | 'picName' | 'picContent'>;

/** What adds one picture to an instance. */
export function addToInstance(
  client: ImageSearchClient,
  instanceName: string,
  options: AddOptions,
): AddPicture {
  refuseUnused('An instance', { '--tag': options.tag, '--no-save-image': !options.saveImage });
  const shared = sharedFields(options);
  return async ({ path, productId, picName }) => {
    const picContent = fromFile(path);
    await client.addImage({ instanceName, productId, picName, picContent, ...shared });
  };
}

/** What all the pictures have in common. */
function sharedFields(options: AddOptions): Shared {
  const { category, region, crop, customContent } = options;
  const { intAttr, intAttr2, intAttr3, intAttr4, strAttr, strAttr2, strAttr3, strAttr4 } = options;
  const framing = { categoryId: category, region, crop };
  const integers = { intAttr, intAttr2, intAttr3, intAttr4 };
  const texts = { strAttr, strAttr2, strAttr3, strAttr4 };
  return given({ ...framing, customContent, ...integers, ...texts });
}
