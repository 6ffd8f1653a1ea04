import { setImmediate } from 'node:timers/promises';

import type { Filter } from '@likeness/shared/filter';

import type { FieldSet } from '../attributes/field-set.ts';
import type { ColumnField } from '../attributes/field.ts';
import { DICTIONARY_SLICE } from '../limits.ts';

import { FieldTerm, RareTerm, type CompilingTerm } from './compile-term.ts';
import type { Term } from './dictionary-scan.ts';
import type { FilterPlan, TermPlan } from './filter-plan.ts';

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
  readonly #terms = new Map<Term, readonly CompilingTerm[]>();

  constructor(filter: Filter, fields: FieldSet) {
    this.#filter = filter;
    this.#fields = fields;
  }

  async prepare(): Promise<void> {
    for (const compiling of termsOf(this.#filter).flatMap((term) => this.#compilingOf(term))) {
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
      return join(
        this.#compilingOf(filter).map((compiling) => {
          const known = columns.indexOf(compiling.field);
          return compiling.finish(known === -1 ? columns.push(compiling.field) - 1 : known);
        }),
      );
    };
    return { plan: build(this.#filter), columns };
  }

  /** For the name's own columns, and for what rows had while it was rare. */
  #compilingOf(term: Term): readonly CompilingTerm[] {
    const known = this.#terms.get(term) ?? [];
    const { rare } = this.#fields;
    const field = this.#fields.get(term.field);
    const compiling: CompilingTerm[] = [];
    // The name may have got its field, and its first rows, since the term was first looked at.
    if (field !== undefined)
      compiling.push(known.find((each) => each.field === field) ?? new FieldTerm(term, field));
    if (field === undefined || rare.usesOf(term.field) > 0)
      compiling.push(known.find((each) => each.field === rare) ?? new RareTerm(term, rare));
    this.#terms.set(term, compiling);
    return compiling;
  }
}

/** A row has its value in one of the columns, or in none. */
function join(plans: readonly TermPlan[]): FilterPlan {
  const [first, ...rest] = plans;
  if (first !== undefined && rest.length === 0) return first;
  return { kind: first?.negated ? 'and' : 'or', terms: plans };
}

function termsOf(filter: Filter): readonly Term[] {
  return 'terms' in filter ? filter.terms.flatMap(termsOf) : [filter];
}
