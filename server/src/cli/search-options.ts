import type { TagFilter } from '@likeness/shared/filter';

import type { ConnectionOptions } from './connection-options.ts';
import { UsageError } from './failures.ts';

/** What `likeness search` was told. */
export interface SearchOptions extends ConnectionOptions {
  readonly instance?: string;
  readonly library?: string;
  readonly name?: readonly string[];
  readonly text?: string;
  readonly filter?: string;
  readonly tag?: readonly TagFilter[];
  readonly tagFilter?: TagFilter;
  readonly num?: number;
  readonly start?: number;
  readonly scoreThreshold?: number;
  readonly category?: number;
  readonly region?: string;
  readonly distinct?: true;
  readonly crop: boolean;
  readonly imageWeight?: number;
  readonly textWeight?: number;
}

/** What names a stored picture: product and picture, or image_id and image_uri. */
export function readStoredName([id, name, ...more]: readonly string[]): readonly [string, string] {
  if (id !== undefined && name !== undefined && more.length === 0) return [id, name];
  throw new UsageError('--name takes two values: the product, and the name of its picture.');
}
