/** One of the eight typed values that a picture carries and a filter tests. */
export interface Attribute {
  /** On the wire: `IntAttr`, `StrAttr4`. */
  readonly wire: AttributeWireName;
  /** In filters and inside: `int_attr`, `str_attr4`. */
  readonly name: AttributeName;
  readonly kind: 'int' | 'str';
}

export type AttributeSuffix = '' | '2' | '3' | '4';
export type IntAttributeName = `int_attr${AttributeSuffix}`;
export type StrAttributeName = `str_attr${AttributeSuffix}`;
export type AttributeName = IntAttributeName | StrAttributeName;
export type AttributeWireName = `${'Int' | 'Str'}Attr${AttributeSuffix}`;

const SUFFIXES: readonly AttributeSuffix[] = ['', '2', '3', '4'];

/** All eight, integers first. */
export const ATTRIBUTES: readonly Attribute[] = [
  ...SUFFIXES.map((suffix): Attribute => ({
    wire: `IntAttr${suffix}`,
    name: `int_attr${suffix}`,
    kind: 'int',
  })),
  ...SUFFIXES.map((suffix): Attribute => ({
    wire: `StrAttr${suffix}`,
    name: `str_attr${suffix}`,
    kind: 'str',
  })),
];
