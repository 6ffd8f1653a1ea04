import { ATTRIBUTES } from '@likeness/shared/api';
import type { StoredAuction } from '@likeness/sdk';

type Named = readonly [name: string, value: string | number];

/** What a picture carries, by the names that filters use; unset attributes, which answers show as 0 and "", are left out. */
export function attributesOf(picture: Omit<StoredAuction, 'thumbnailUrl'>): readonly Named[] {
  const set = ATTRIBUTES.flatMap(({ wire, name }): readonly Named[] => {
    const value = picture[fieldOf(wire)];
    return value === 0 || value === '' ? [] : [[name, value]];
  });
  return picture.customContent === '' ? set : [['custom_content', picture.customContent], ...set];
}

type AttributeField = Extract<keyof StoredAuction, `${'int' | 'str'}Attr${string}`>;

function fieldOf(wire: string): AttributeField {
  return `${wire.charAt(0).toLowerCase()}${wire.slice(1)}` as AttributeField;
}
