/** The fields that say which images a request is about: one, all of an image_id, or all that pass a filter. */
import { z } from 'zod';

import { imageId, imageUri, libraryName, selectingTagFilter } from './fields.ts';

export const selectionFields = {
  library_name: libraryName,
  image_id: imageId.optional(),
  image_uri: imageUri.optional().meta({ description: 'All of the image_id if absent.' }),
  tag_filter: selectingTagFilter.optional(),
};

type Selection = z.output<z.ZodObject<typeof selectionFields>>;

/** Which images are meant; a filter is alone: whoever names an image beside it may mean less than it selects. */
export type SelectedImages =
  | { readonly kind: 'picture'; readonly productId: string; readonly picName: string }
  | { readonly kind: 'product'; readonly productId: string }
  | { readonly kind: 'filter'; readonly filter: NonNullable<Selection['tag_filter']> };

/** Complains unless {@link readSelection} can read the request. */
export function checkSelection(context: z.core.ParsePayload<Selection>): void {
  const { image_id, image_uri, tag_filter } = context.value;
  const complain = (field: keyof Selection, expected: string): void => {
    context.issues.push({
      code: 'custom',
      input: context.value,
      path: [field],
      message: expected,
    });
  };
  if (image_id === undefined && tag_filter === undefined) {
    complain('image_id', 'image_id or tag_filter');
  } else if (tag_filter !== undefined && (image_id ?? image_uri) !== undefined) {
    complain(image_id === undefined ? 'image_uri' : 'image_id', 'nothing beside tag_filter');
  }
}

export function readSelection({ image_id, image_uri, tag_filter }: Selection): SelectedImages {
  if (tag_filter !== undefined) return { kind: 'filter', filter: tag_filter };
  if (image_id === undefined) throw new Error('a selection that was not checked');
  if (image_uri === undefined) return { kind: 'product', productId: image_id };
  return { kind: 'picture', productId: image_id, picName: image_uri };
}
