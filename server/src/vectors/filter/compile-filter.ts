import { setImmediate } from 'node:timers/promises';

import type { Filter } from '@likeness/shared/filter';

import { Field } from '../attributes/field.ts';
import { DICTIONARY_SLICE } from '../limits.ts';

import { TermCompiler } from './compile-term.ts';
import type { Term } from './dictionary-scan.ts';
import type { FilterPlan } from './filter-plan.ts';

export interface CompiledFilter {
  readonly plan: FilterPlan;
  /** The fields of the plan's columns. */
  readonly columns: readonly Field[];
}

/**
 * Makes a filter ready for the columns of an index: {@link prepare}, which reads large dictionaries
 * in slices between which other work runs, then {@link finish}, which is quick and exact for the
 * rows there are when it is called. Between the two no dictionary code may be used again.
 */
export class FilterCompiler {
  readonly #filter: Filter;
  readonly #fields: ReadonlyMap<string, Field>;
  readonly #terms = new Map<Term, TermCompiler>();

  constructor(filter: Filter, fields: ReadonlyMap<string, Field>) {
    this.#filter = filter;
    this.#fields = fields;
  }

  async prepare(): Promise<void> {
    for (const term of termsOf(this.#filter)) {
      const compiler = this.#compilerOf(term);
      for (let left = compiler?.remaining ?? 0; left > DICTIONARY_SLICE; left -= DICTIONARY_SLICE) {
        compiler?.advance(DICTIONARY_SLICE);
        await setImmediate();
      }
    }
  }

  finish(): CompiledFilter {
    const columns: Field[] = [];
    const build = (filter: Filter): FilterPlan => {
      if ('terms' in filter) return { kind: filter.kind, terms: filter.terms.map(build) };
      // No row has the field: an empty one says the same.
      const field = this.#fields.get(filter.field) ?? new Field(filter.field);
      const compiler = this.#compilerOf(filter) ?? new TermCompiler(filter, field);
      const known = columns.indexOf(field);
      const column = known === -1 ? columns.push(field) - 1 : known;
      return compiler.finish(column);
    };
    return { plan: build(this.#filter), columns };
  }

  #compilerOf(term: Term): TermCompiler | undefined {
    const known = this.#terms.get(term);
    const field = this.#fields.get(term.field);
    if (known !== undefined || field === undefined) return known;
    const compiler = new TermCompiler(term, field);
    this.#terms.set(term, compiler);
    return compiler;
  }
}

function termsOf(filter: Filter): readonly Term[] {
  return 'terms' in filter ? filter.terms.flatMap(termsOf) : [filter];
}
