import { setImmediate } from 'node:timers/promises';

import type { Filter } from '@likeness/shared/filter';

import type { FieldSet } from '../attributes/field-set.ts';
import type { ColumnField } from '../attributes/field.ts';
import { DICTIONARY_SLICE } from '../limits.ts';

import { ExtraTerm, FieldTerm, type CompilingTerm } from './compile-term.ts';
import type { Term } from './dictionary-scan.ts';
import type { FilterPlan } from './filter-plan.ts';

export interface CompiledFilter {
  readonly plan: FilterPlan;
  /** The fields of the plan's columns. */
  readonly columns: readonly ColumnField[];
}

/**
 * Makes a filter ready for the columns of an index: {@link prepare}, which reads large dictionaries
 * in slices between which other work runs, then {@link finish}, which is quick and exact for the
 * rows there are when it is called. Between the two no dictionary code may be used again.
 */
export class FilterCompiler {
  readonly #filter: Filter;
  readonly #fields: FieldSet;
  readonly #terms = new Map<Term, CompilingTerm>();

  constructor(filter: Filter, fields: FieldSet) {
    this.#filter = filter;
    this.#fields = fields;
  }

  async prepare(): Promise<void> {
    for (const term of termsOf(this.#filter)) {
      const compiling = this.#compilingOf(term);
      for (let left = compiling.remaining; left > DICTIONARY_SLICE; left -= DICTIONARY_SLICE) {
        compiling.advance(DICTIONARY_SLICE);
        await setImmediate();
      }
    }
  }

  finish(): CompiledFilter {
    const columns: ColumnField[] = [];
    const build = (filter: Filter): FilterPlan => {
      if ('terms' in filter) return { kind: filter.kind, terms: filter.terms.map(build) };
      const compiling = this.#compilingOf(filter);
      const known = columns.indexOf(compiling.field);
      return compiling.finish(known === -1 ? columns.push(compiling.field) - 1 : known);
    };
    return { plan: build(this.#filter), columns };
  }

  #compilingOf(term: Term): CompilingTerm {
    const known = this.#terms.get(term);
    const field = this.#fields.get(term.field);
    // The name may have got its field since the term was first looked at.
    if (known !== undefined && (field === undefined || known.field === field)) return known;
    const compiling =
      field === undefined ? new ExtraTerm(term, this.#fields.extras) : new FieldTerm(term, field);
    this.#terms.set(term, compiling);
    return compiling;
  }
}

function termsOf(filter: Filter): readonly Term[] {
  return 'terms' in filter ? filter.terms.flatMap(termsOf) : [filter];
}
