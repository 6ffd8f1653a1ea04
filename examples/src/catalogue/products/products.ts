import { readFileSync } from 'node:fs';

import type { Product } from './product.ts';

const FILE = new URL('../../../catalogue/products.jsonl', import.meta.url);

/** Everything that the sample shop sells, one product a line of `products.jsonl`. */
export const PRODUCTS: readonly Product[] = readFileSync(FILE, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Product);
