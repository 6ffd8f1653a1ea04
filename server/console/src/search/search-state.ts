import { LIMITS } from '@likeness/shared/api';

import type { RouteParameters } from '../app/route.ts';
import type { Collection } from '../collections/collections.ts';

/** What is looked for; `both` is a picture and a text together. */
export const SEARCHED_BY = ['picture', 'name', 'text', 'both'] as const;
export type SearchedBy = (typeof SEARCHED_BY)[number];

/** Which part of a picture counts: its subject, all of it, or a box of one's own. */
export const FRAMINGS = ['subject', 'whole', 'box'] as const;
export type Framing = (typeof FRAMINGS)[number];

export const VIEWS = ['grid', 'list'] as const;
export type View = (typeof VIEWS)[number];

/** A search as the address holds it, so that it can be shared and gone back to. */
export interface SearchState {
  /** Scope of the collection; empty is the first there is. */
  readonly collection: string;
  readonly by: SearchedBy;
  /** On the shelf of this tab: the address of a search by picture is good for this tab alone. */
  readonly picture: string;
  readonly productId: string;
  readonly picName: string;
  readonly text: string;
  /** Of `both`: how much the picture counts, 0 to 1; the text counts the rest. */
  readonly imageWeight: number;
  readonly framing: Framing;
  /** `x1,x2,y1,y2` in pixels of the picture; empty with `box` is the whole picture. */
  readonly region: string;
  /** Empty is the predicted one. */
  readonly category: string;
  readonly num: number;
  readonly start: number;
  readonly filter: string;
  readonly threshold: number;
  readonly distinct: boolean;
  readonly view: View;
}

const DEFAULTS: SearchState = {
  collection: '',
  by: 'picture',
  picture: '',
  productId: '',
  picName: '',
  text: '',
  imageWeight: 0.5,
  framing: 'subject',
  region: '',
  category: '',
  num: 20,
  start: LIMITS.DEFAULT_START,
  filter: '',
  threshold: 0,
  distinct: false,
  view: 'grid',
};

/** A search as usual but for what is given. */
export function searchFor(changes: Partial<SearchState>): SearchState {
  return { ...DEFAULTS, ...changes };
}

/** Reads an address; what makes no sense in it is as if it were not there. */
export function readSearch(parameters: URLSearchParams): SearchState {
  const text = (name: keyof SearchState): string => parameters.get(name) ?? '';
  return {
    collection: text('collection'),
    by: oneOf(SEARCHED_BY, text('by'), DEFAULTS.by),
    picture: text('picture'),
    productId: text('productId'),
    picName: text('picName'),
    text: text('text'),
    imageWeight: within(text('imageWeight'), 0, 1, DEFAULTS.imageWeight),
    framing: oneOf(FRAMINGS, text('framing'), DEFAULTS.framing),
    region: text('region'),
    category: text('category'),
    num: within(text('num'), 1, LIMITS.MAX_NUM, DEFAULTS.num),
    start: within(text('start'), 0, LIMITS.MAX_START, DEFAULTS.start),
    filter: text('filter'),
    threshold: within(text('threshold'), 0, 1, DEFAULTS.threshold),
    distinct: text('distinct') === 'true',
    view: oneOf(VIEWS, text('view'), DEFAULTS.view),
  };
}

/** The address of a search; what is as usual is left out. */
export function writeSearch(state: SearchState): RouteParameters {
  const changed = Object.entries(state).filter(
    ([name, value]) => value !== DEFAULTS[name as keyof SearchState],
  );
  return Object.fromEntries(changed.map(([name, value]) => [name, String(value)]));
}

/** Whether there is anything to look for. */
export function isComplete(state: SearchState): boolean {
  if (needsPicture(state) && state.picture === '') return false;
  if (needsText(state) && state.text.trim() === '') return false;
  return state.by !== 'name' || (state.productId !== '' && state.picName !== '');
}

/** Whether it is looked for with a picture of the tab. */
export function needsPicture({ by }: Pick<SearchState, 'by'>): boolean {
  return by === 'picture' || by === 'both';
}

export function needsText({ by }: Pick<SearchState, 'by'>): boolean {
  return by === 'text' || by === 'both';
}

/** What a collection can be searched by. */
export function searchesOf({
  kind,
  searchesByText,
}: Pick<Collection, 'kind' | 'searchesByText'>): readonly SearchedBy[] {
  return SEARCHED_BY.filter((by) => {
    if (!needsText({ by })) return true;
    return searchesByText && (by === 'text' || kind === 'library');
  });
}

function oneOf<Value extends string>(
  values: readonly Value[],
  text: string,
  otherwise: Value,
): Value {
  return values.find((value) => value === text) ?? otherwise;
}

function within(text: string, least: number, most: number, otherwise: number): number {
  const value = text === '' ? Number.NaN : Number(text);
  return value >= least && value <= most ? value : otherwise;
}
