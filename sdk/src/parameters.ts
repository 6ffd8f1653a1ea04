import { ACTIONS, formatRegion, toWireName } from '@likeness/shared/api';
import type { ActionName, Region } from '@likeness/shared/api';
import { printFilter } from '@likeness/shared/filter';
import type { Filter, TagFilter } from '@likeness/shared/filter';

import { readPicture } from './picture-content.ts';
import type { PictureContent } from './picture-content.ts';

type Parameter = readonly [name: string, value: string];

/**
 * A request's fields as the wire's names and texts. Fields that are absent or undefined are left out.
 *
 * @throws {TypeError} for a field that the action does not have: a typing error would else be ignored in silence.
 */
export async function writeParameters(action: ActionName, request: object): Promise<Parameter[]> {
  const types = new Map(ACTIONS[action].parameters.map(({ name, type }) => [name, type]));
  const written: Parameter[] = [];
  for (const [field, value] of Object.entries(request)) {
    const name = toWireName(field);
    const type = types.get(name);
    if (type === undefined) throw new TypeError(`"${field}" is not a field of ${action}`);
    if (value === undefined || value === null) continue;
    const text =
      type === 'picture' ? await readPicture(value as PictureContent) : textOf(name, value);
    written.push([name, text]);
  }
  return written;
}

function textOf(name: string, value: {}): string {
  if (typeof value !== 'object') return `${value as string | number | boolean}`;
  if (name === 'Filter') return formatFilter(value as Filter | TagFilter);
  return Array.isArray(value) ? value.join(',') : formatRegion(value as Region);
}

/** Libraries take theirs in JSON. */
function formatFilter(filter: Filter | TagFilter): string {
  return 'kind' in filter ? printFilter(filter) : JSON.stringify(filter);
}
