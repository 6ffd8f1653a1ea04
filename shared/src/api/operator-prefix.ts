/** What every path of the operator API begins with. */
export const OPERATOR_PREFIX = '/api/v1/operators/image-search';
