/** What a picture shows, by the vendor's number. */
export interface Category {
  readonly id: number;
  readonly name: string;
}

/** Whatever is in no other category; the only one of service types that do not predict. */
export const OTHER_CATEGORY = 88888888;

/** The whole enumeration, in the vendor's order. */
export const CATEGORIES: readonly Category[] = [
  { id: 0, name: 'Tops' },
  { id: 1, name: 'Dress' },
  { id: 2, name: 'Bottoms' },
  { id: 3, name: 'Bag' },
  { id: 4, name: 'Shoes' },
  { id: 5, name: 'Accessories' },
  { id: 6, name: 'Snacks' },
  { id: 7, name: 'Makeups' },
  { id: 8, name: 'Bottle drink' },
  { id: 9, name: 'Furniture' },
  { id: 20, name: 'Toy' },
  { id: 21, name: 'Underwear' },
  { id: 22, name: 'Digital device' },
  { id: OTHER_CATEGORY, name: 'Others' },
];
