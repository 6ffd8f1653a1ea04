/** What an instance is for, and what follows from it. */
export interface ServiceType {
  /** The number that Detail answers. */
  readonly id: number;
  readonly name: string;
  /** Shortest and longest side of a picture, in pixels, both inclusive. */
  readonly minSidePx: number;
  readonly maxSidePx: number;
  /** Pictures get a predicted category, and searches stay inside it. Others are `OTHER_CATEGORY` always. */
  readonly predictsCategory: boolean;
  /** No subject is looked for: the whole picture is embedded, unless a region is given. */
  readonly wholePictureOnly: boolean;
  /** Where the model pack knows texts. */
  readonly searchesByText: boolean;
}

const PLAIN = {
  minSidePx: 100,
  maxSidePx: 4096,
  predictsCategory: false,
  wholePictureOnly: false,
  searchesByText: false,
};

/** All of them. The vendor publishes no number for multimodal; 8 is ours. */
export const SERVICE_TYPES: readonly ServiceType[] = [
  { ...PLAIN, id: 0, name: 'product', predictsCategory: true },
  { ...PLAIN, id: 1, name: 'generic', searchesByText: true },
  { ...PLAIN, id: 2, name: 'fabric', minSidePx: 448, wholePictureOnly: true },
  { ...PLAIN, id: 3, name: 'trademark', minSidePx: 200 },
  { ...PLAIN, id: 4, name: 'copyright' },
  { ...PLAIN, id: 5, name: 'furniture' },
  { ...PLAIN, id: 6, name: 'hardware' },
  { ...PLAIN, id: 8, name: 'multimodal', predictsCategory: true, searchesByText: true },
];

/** The vendor's second number for trademark. */
const TRADEMARK_ALIAS = 7;
const TRADEMARK = 3;

/** The type of a number (also as text) or a name in any case; undefined if there is none. */
export function serviceTypeOf(idOrName: string | number): ServiceType | undefined {
  const text = String(idOrName).trim().toLowerCase();
  const id = text === String(TRADEMARK_ALIAS) ? String(TRADEMARK) : text;
  return SERVICE_TYPES.find((type) => type.name === text || String(type.id) === id);
}
