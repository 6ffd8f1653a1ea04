import type { Attributes } from '@likeness/shared/filter';

import { MAX_FIRST_FIELDS, MIN_FIELD_ROWS } from '../limits.ts';

import type { EncodedValue } from './encoded-value.ts';
import { Field, type ColumnField } from './field.ts';
import { RareFields } from './rare-fields.ts';

/**
 * The attribute names of one index. The first {@link MAX_FIRST_FIELDS} have columns of their own; a later one gets them
 * when it is no longer rare, for the rows that come from then on.
 */
export class FieldSet {
  readonly rare = new RareFields();
  readonly #fields = new Map<string, Field>();

  get all(): readonly ColumnField[] {
    return [this.rare, ...this.#fields.values()];
  }

  /** The field of a name that has its own. */
  get(name: string): Field | undefined {
    return this.#fields.get(name);
  }

  /** Gives a name that has none a field of its own. */
  add(name: string): Field {
    const field = new Field(name);
    this.#fields.set(name, field);
    return field;
  }

  /** What each column keeps of a row. Takes codes: see {@link Field.encode}. */
  encode(attributes: Attributes): readonly (readonly [ColumnField, EncodedValue])[] {
    return Object.entries(attributes).map(([name, value]) => {
      const field = this.#fieldOf(name);
      if (field === undefined) return [this.rare, this.rare.encode(name, value)];
      return [field, field.encode(value)];
    });
  }

  #fieldOf(name: string): Field | undefined {
    const known = this.#fields.get(name);
    if (known !== undefined) return known;
    const isFirst = this.#fields.size < MAX_FIRST_FIELDS;
    if (!isFirst && this.rare.usesOf(name) < MIN_FIELD_ROWS) return undefined;
    return this.add(name);
  }
}
