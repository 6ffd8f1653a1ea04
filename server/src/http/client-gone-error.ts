/** The client closed the connection before its answer: there is nobody to answer. */
export class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError';
  readonly code = 'ClientGone';

  constructor() {
    super('the client closed the connection');
  }

  /** Whether `value` is one, of this realm or another. */
  static is(value: unknown): boolean {
    return (
      typeof value === 'object' && value !== null && 'code' in value && value.code === 'ClientGone'
    );
  }
}
