import type { AddImageRequest } from '@likeness/sdk';

import type { ConnectionOptions } from './connection-options.ts';
import type { ImageFile, KeyOptions } from './image-files.ts';
import type { Tags } from './tag-values.ts';

type Attributes = Omit<
  AddImageRequest,
  'instanceName' | 'productId' | 'picName' | 'picContent' | 'categoryId' | 'crop'
>;

/** What `likeness add` was told. */
export interface AddOptions extends ConnectionOptions, KeyOptions, Attributes {
  readonly instance?: string;
  readonly library?: string;
  readonly category?: number;
  readonly crop: boolean;
  readonly tag?: Tags;
  readonly saveImage: boolean;
  readonly concurrency: number;
}

export type AddPicture = (file: ImageFile) => Promise<void>;
