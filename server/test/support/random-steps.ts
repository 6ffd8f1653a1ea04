import * as fc from 'fast-check';

import { and, int, or, str, type Attributes, type Filter } from '@likeness/shared/filter';

import type { ImageKey } from '../../src/store/image-key.ts';
import { DIRECTIONS, type Ranking, type Shown } from './shelf-model.ts';

/** One thing that is done to a collection, and how often among others. */
export type Step =
  | { readonly kind: 'add'; readonly image: Shown }
  | { readonly kind: 'update'; readonly key: ImageKey; readonly attributes: Attributes }
  | { readonly kind: 'remove'; readonly key: ImageKey }
  | { readonly kind: 'removeProduct'; readonly productId: string }
  | { readonly kind: 'removeFilter'; readonly filter: Filter }
  | { readonly kind: 'clear' }
  | { readonly kind: 'reopen'; readonly loseDerived: boolean }
  | { readonly kind: 'search'; readonly direction: number; readonly ranking: Ranking }
  | { readonly kind: 'searchStored'; readonly key: ImageKey; readonly ranking: Ranking }
  | { readonly kind: 'list'; readonly filter?: Filter; readonly after?: ImageKey };

const CATEGORIES = [0, 4] as const;
const MAX_STEPS = 40;

const id = fc.constantFrom('a', 'a\u0000', 'b', '\u{1F600}');
const key = fc.record({ productId: id, picName: id });
const direction = fc.nat(DIRECTIONS.length - 1);
const category = fc.constantFrom(...CATEGORIES);
const attributes: fc.Arbitrary<Attributes> = fc.record(
  { int_attr: fc.nat(3), str_attr: fc.constantFrom('x', 'y') },
  { requiredKeys: [] },
);
const filter: fc.Arbitrary<Filter> = fc.constantFrom(
  int('int_attr').ge(2),
  str('str_attr').eq('x'),
  str('str_attr').ne('x'),
  and(int('int_attr').lt(3), str('str_attr').eq('y')),
  or(int('int_attr').eq(0), str('str_attr').in(['y'])),
);
const ranking: fc.Arbitrary<Ranking> = fc.record(
  {
    start: fc.nat(3),
    num: fc.integer({ min: 1, max: 20 }),
    minScore: fc.constantFrom(0, 0.6, 0.9),
    distinct: fc.boolean(),
    category,
    filter,
  },
  { requiredKeys: ['start', 'num', 'minScore', 'distinct'] },
);
const image: fc.Arbitrary<Shown> = fc
  .record({ key, direction, category, customContent: fc.string(), attributes })
  .map(({ key: named, ...shown }) => ({ ...named, ...shown }));

function kind<Kind extends string>(name: Kind): fc.Arbitrary<Kind> {
  return fc.constant(name);
}

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: kind('add'), image }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('update'), key, attributes }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('remove'), key }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('removeProduct'), productId: id }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('removeFilter'), filter }) },
  { weight: 1, arbitrary: fc.record({ kind: kind('reopen'), loseDerived: fc.boolean() }) },
  { weight: 5, arbitrary: fc.record({ kind: kind('search'), direction, ranking }) },
  { weight: 2, arbitrary: fc.record({ kind: kind('searchStored'), key, ranking }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: kind('list'), filter, after: key }, { requiredKeys: ['kind'] }),
  },
);

/** A history of a collection; one in eight is cleared in its middle. */
export const steps: fc.Arbitrary<readonly Step[]> = fc
  .tuple(fc.array(step, { maxLength: MAX_STEPS }), fc.array(step, { maxLength: 10 }), fc.nat(7))
  .map(([before, after, chance]) =>
    chance === 0 ? [...before, { kind: 'clear' }, ...after] : [...before, ...after],
  );
