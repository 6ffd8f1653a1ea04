import type { StoredAuction } from '@likeness/sdk';
import { ATTRIBUTES } from '@likeness/shared/api';
import type { Attributes, AttributeValue } from '@likeness/shared/filter';

/** Something that a picture carries, by the name that filters use. */
export interface Carried {
  readonly name: string;
  readonly value: string | number;
  /** Whether the name says something to people: those of tags do, `str_attr` does not. */
  readonly isTelling: boolean;
}

/** Of a picture of an instance; unset attributes, which answers show as 0 and "", are left out. */
export function attributesOf(picture: Omit<StoredAuction, 'thumbnailUrl'>): readonly Carried[] {
  const set = ATTRIBUTES.flatMap(({ wire, name }): readonly Carried[] => {
    const value = picture[fieldOf(wire)];
    return value === 0 || value === '' ? [] : [{ name, value, isTelling: false }];
  });
  const { customContent } = picture;
  if (customContent === '') return set;
  return [{ name: 'custom_content', value: customContent, isTelling: false }, ...set];
}

/** Of a picture of a library. */
export function tagsOf(tags: Attributes): readonly Carried[] {
  return Object.entries(tags).map(([name, value]) => {
    return { name, value: shownTag(value), isTelling: true };
  });
}

function shownTag(value: AttributeValue): string | number {
  if (typeof value === 'number' || typeof value === 'string') return value;
  return typeof value === 'boolean' ? String(value) : value.map(String).join(', ');
}

type AttributeField = Extract<keyof StoredAuction, `${'int' | 'str'}Attr${string}`>;

function fieldOf(wire: string): AttributeField {
  return `${wire.charAt(0).toLowerCase()}${wire.slice(1)}` as AttributeField;
}
