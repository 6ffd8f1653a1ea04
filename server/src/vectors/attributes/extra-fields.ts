import type { AttributeValue, Attributes } from '@likeness/shared/filter';

import { Dictionary } from './dictionary.ts';
import { TAGS, type ColumnField, type EncodedValue } from './field.ts';

/**
 * All attributes of a row whose names have no column of their own, as one value. A filter on such a
 * name is asked of every distinct value, not of every row.
 */
export class ExtraFields implements ColumnField {
  readonly sets = new Dictionary<Attributes>();

  /** Takes a code: {@link release} it when the row goes. */
  encode(entries: readonly (readonly [string, AttributeValue])[]): EncodedValue {
    const word = this.sets.acquire(setKey(entries), Object.fromEntries(entries));
    return { tag: TAGS.list, word, float: 0 };
  }

  entriesOf({ tag, word }: EncodedValue): readonly (readonly [string, AttributeValue])[] {
    return tag === TAGS.list ? Object.entries(this.sets.valueOf(word) ?? {}) : [];
  }

  release({ tag, word }: EncodedValue): void {
    if (tag === TAGS.list) this.sets.release(word);
  }
}

function setKey(entries: readonly (readonly [string, AttributeValue])[]): string {
  const typed = entries.map(([name, value]) => {
    const elements = typeof value === 'object' ? value : [value];
    const types = elements.map((element) => [typeof element, String(element)]);
    return [name, typeof value === 'object', ...types];
  });
  return JSON.stringify(typed);
}
