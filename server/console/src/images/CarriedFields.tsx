import type { ListedImage } from '@likeness/sdk';
import type { ReactNode } from 'react';

import type { Collection } from '../collections/collections.ts';
import {
  AttributeFields,
  attributeTextsOf,
  NO_ATTRIBUTES,
  type AttributeTexts,
} from './AttributeFields.tsx';
import { linesOf, type TagLine } from './tag-lines.ts';
import { TagFields } from './TagFields.tsx';

/** What a picture carries, as typed: attributes in an instance, tags in a library. */
export interface CarriedValues {
  readonly attributes: AttributeTexts;
  readonly tags: readonly TagLine[];
}

export const NOTHING_CARRIED: CarriedValues = { attributes: NO_ATTRIBUTES, tags: [] };

export interface CarriedFieldsProps {
  readonly collection: Collection;
  readonly values: CarriedValues;
  readonly onChange: (values: CarriedValues) => void;
}

export function CarriedFields({ collection, values, onChange }: CarriedFieldsProps): ReactNode {
  return collection.kind === 'instance' ? (
    <AttributeFields
      values={values.attributes}
      onChange={(attributes) => onChange({ ...values, attributes })}
    />
  ) : (
    <TagFields lines={values.tags} onChange={(tags) => onChange({ ...values, tags })} />
  );
}

export function carriedBy(image: ListedImage): CarriedValues {
  return { attributes: attributeTextsOf(image), tags: linesOf(image.tags ?? {}) };
}
