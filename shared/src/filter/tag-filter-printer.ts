import type { Filter } from './filter.ts';
import type { TagFilter } from './tag-filter.ts';

/** The filter as `tag_filter` says it; `readTagFilter` reads it back as the same filter. */
export function printTagFilter(filter: Filter): TagFilter {
  switch (filter.kind) {
    case 'and':
      return filter.terms.map(printTagFilter);
    case 'or':
      return { or: filter.terms.map(printTagFilter) };
    case 'compare':
      return { field: filter.field, op: filter.operator, value: filter.value } as TagFilter;
    case 'in':
      return { field: filter.field, op: filter.negated ? 'not in' : 'in', value: filter.values };
    case 'like':
      return { field: filter.field, op: filter.negated ? 'not like' : 'like', value: filter.text };
  }
}
