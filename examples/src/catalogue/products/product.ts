import type { Look } from '../drawing/look.ts';
import type { KindName } from './kinds.ts';

/** One thing that the sample shop sells. */
export interface Product {
  readonly id: string;
  readonly kind: KindName;
  readonly name: string;
  readonly nameZh: string;
  readonly colour: string;
  /** In whole units of money. */
  readonly price: number;
  readonly brand: string;
  readonly season: 'spring' | 'summer' | 'autumn' | 'winter' | 'all';
  readonly look: Look;
}
