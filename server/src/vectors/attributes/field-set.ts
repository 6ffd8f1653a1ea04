import type { AttributeValue, Attributes } from '@likeness/shared/filter';

import { MAX_FIELDS } from '../limits.ts';

import { ExtraFields } from './extra-fields.ts';
import { Field, type ColumnField, type EncodedValue } from './field.ts';

/** The attribute names of one index. The first {@link MAX_FIELDS} have columns of their own. */
export class FieldSet {
  readonly extras = new ExtraFields();
  readonly #fields = new Map<string, Field>();

  /** The field of a name that has its own. */
  get(name: string): Field | undefined {
    return this.#fields.get(name);
  }

  /** What each column keeps of a row. Takes codes: see {@link Field.encode}. */
  encode(attributes: Attributes): readonly (readonly [ColumnField, EncodedValue])[] {
    const encoded: [ColumnField, EncodedValue][] = [];
    const extras: [string, AttributeValue][] = [];
    for (const [name, value] of Object.entries(attributes)) {
      const field = this.#fieldOf(name);
      if (field === undefined) extras.push([name, value]);
      else encoded.push([field, field.encode(value)]);
    }
    if (extras.length > 0) encoded.push([this.extras, this.extras.encode(extras)]);
    return encoded;
  }

  #fieldOf(name: string): Field | undefined {
    const known = this.#fields.get(name);
    if (known !== undefined || this.#fields.size >= MAX_FIELDS) return known;
    const field = new Field(name);
    this.#fields.set(name, field);
    return field;
  }
}
