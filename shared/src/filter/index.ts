/** The filter language: its meaning, its two forms on the wire, and typed ways to build it. */
export { and, int, or, str, type IntField, type StrField } from './builder.ts';
export { FilterSyntaxError } from './filter-syntax-error.ts';
export type { AttributeValue, Attributes, ComparisonOperator, Filter, Scalar } from './filter.ts';
export { matches } from './matches.ts';
export { MAX_FILTER_DEPTH, parseFilter } from './parser.ts';
export { printFilter } from './printer.ts';
export {
  tagsOf,
  type AtLeastOne,
  type EqualityTests,
  type OrderTests,
  type SubstringTests,
  type TagTester,
  type TagTests,
} from './tag-builder.ts';
export { printTagFilter } from './tag-filter-printer.ts';
export { readTagFilter } from './tag-filter-reader.ts';
export {
  TAG_OPERATORS,
  type TagCondition,
  type TagElement,
  type TagFilter,
  type TagName,
  type TagOperator,
} from './tag-filter.ts';
export { TAG_LIMITS } from './tag-limits.ts';
export { describeJson, TagSyntaxError } from './tag-syntax-error.ts';
export { readTags } from './tag-values.ts';
