/** The filter language: its meaning, its text, and a typed way to build it. */
export { and, int, or, str, type IntField, type StrField } from './builder.ts';
export { FilterSyntaxError } from './filter-syntax-error.ts';
export type { AttributeValue, Attributes, ComparisonOperator, Filter, Scalar } from './filter.ts';
export { matches } from './matches.ts';
export { MAX_FILTER_DEPTH, parseFilter } from './parser.ts';
export { printFilter } from './printer.ts';
