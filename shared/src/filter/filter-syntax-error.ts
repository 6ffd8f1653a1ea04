/** A filter's text breaks the grammar. Says what was expected, and where. */
export class FilterSyntaxError extends Error {
  override readonly name = 'FilterSyntaxError';
  /** Where, in UTF-16 units from the start of the text. */
  readonly offset: number;

  constructor(expected: string, offset: number) {
    super(`expected ${expected} at offset ${offset}`);
    this.offset = offset;
  }
}
