import type { ImageSearchClient, TagFilter } from '@likeness/sdk';

import type { Collection } from '../collections/collections.ts';
import { readAttributes } from './AttributeFields.tsx';
import type { CarriedValues } from './CarriedFields.tsx';
import { tagsOf } from './tag-lines.ts';

/** A picture's name: in a library `image_id` and `image_uri`. */
export interface PictureName {
  readonly productId: string;
  readonly picName: string;
}

export interface NewPicture extends PictureName {
  readonly file: File;
  readonly carried: CarriedValues;
  /** Of instances alone: not its subject. A library's mode says it for all pictures. */
  readonly isWhole: boolean;
}

/** Adds a picture, or replaces the one of its name. */
export async function addPicture(
  client: ImageSearchClient,
  { kind, name }: Collection,
  { productId, picName, file, carried, isWhole }: NewPicture,
): Promise<void> {
  if (kind === 'library') {
    const key = { imageId: productId, imageUri: picName };
    await client.library(name).add({ ...key, image: file, tags: tagsOf(carried.tags) });
    return;
  }
  const attributes = readAttributes(carried.attributes);
  const key = { instanceName: name, productId, picName };
  await client.addImage({ ...key, picContent: file, crop: !isWhole, ...attributes });
}

/** Changes what a picture carries: the attributes that are given, or all tags. */
export async function updatePicture(
  client: ImageSearchClient,
  { kind, name }: Collection,
  { productId, picName, carried }: PictureName & Pick<NewPicture, 'carried'>,
): Promise<void> {
  if (kind === 'library') {
    const key = { imageId: productId, imageUri: picName };
    await client.library(name).update({ ...key, tags: tagsOf(carried.tags) });
    return;
  }
  const attributes = readAttributes(carried.attributes);
  await client.updateImage({ instanceName: name, productId, picName, ...attributes });
}

export async function deletePicture(
  client: ImageSearchClient,
  { kind, name }: Collection,
  { productId, picName }: PictureName,
): Promise<void> {
  if (kind === 'library') {
    await client.library(name).remove({ imageId: productId, imageUri: picName });
  } else {
    await client.deleteImage({ instanceName: name, productId, picName });
  }
}

/** @param filter not empty, in the language of the collection's filters */
export async function deletePassing(
  client: ImageSearchClient,
  { kind, name }: Collection,
  filter: string,
): Promise<void> {
  if (kind === 'library') {
    await client.library(name).remove({ tagFilter: JSON.parse(filter) as TagFilter });
  } else {
    await client.deleteImage({ instanceName: name, isDeleteByFilter: true, filter });
  }
}
