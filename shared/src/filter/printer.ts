import type { Filter, Scalar } from './filter.ts';

/**
 * Writes a filter as text. What `parseFilter` can read it reads back as the same filter; tag
 * filters, which have more kinds of fields and tests, are written in the same style for people.
 */
export function printFilter(filter: Filter): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.map(printTerm).join(filter.kind === 'and' ? ' AND ' : ' OR ');
    case 'compare':
      return `${filter.field} ${filter.operator} ${printScalar(filter.value)}`;
    case 'in':
      return `${filter.field} ${negation(filter)}IN (${filter.values.map(printScalar).join(', ')})`;
    case 'like':
      return `${filter.field} ${negation(filter)}LIKE ${printScalar(filter.text)}`;
  }
}

/** Parentheses round every group, so that the text does not depend on what binds tighter. */
function printTerm(filter: Filter): string {
  const isGroup = (filter.kind === 'and' || filter.kind === 'or') && filter.terms.length > 1;
  return isGroup ? `(${printFilter(filter)})` : printFilter(filter);
}

function printScalar(value: Scalar): string {
  return typeof value === 'string'
    ? `"${value.replaceAll(/["\\]/gu, String.raw`\$&`)}"`
    : String(value);
}

function negation({ negated }: { readonly negated: boolean }): string {
  return negated ? 'NOT ' : '';
}
