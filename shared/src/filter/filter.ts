/** A condition on a picture's attributes: RPC filters and tag filters alike. */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Filter[] }
  | {
      readonly kind: 'compare';
      readonly field: string;
      readonly operator: ComparisonOperator;
      readonly value: Scalar;
    }
  | {
      readonly kind: 'in';
      readonly field: string;
      readonly negated: boolean;
      readonly values: readonly Scalar[];
    }
  /** Plain, case-sensitive substring. */
  | {
      readonly kind: 'like';
      readonly field: string;
      readonly negated: boolean;
      readonly text: string;
    };

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export type Scalar = string | number | boolean;

/** An array passes a positive test if any of its elements does. */
export type AttributeValue = Scalar | readonly Scalar[];

/** By name; RPC attributes are `int_attr` … `str_attr4`. Unset ones are absent. */
export type Attributes = Readonly<Record<string, AttributeValue>>;
