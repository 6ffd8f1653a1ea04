import type { KeptObject } from '../../catalog/catalog.ts';

/**
 * A kept picture that an answer holds in Base64. Whoever writes the answer out reads it then: a hundred of them are
 * half a gigabyte.
 */
export class KeptFrame {
  readonly kept: KeptObject;

  constructor(kept: KeptObject) {
    this.kept = kept;
  }
}
