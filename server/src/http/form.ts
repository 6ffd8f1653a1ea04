import type { SignedForm } from '../auth/signed-request.ts';
import type { PictureValue } from './form-content.ts';

/** A form body, wherever it is held. */
export interface Form extends SignedForm {
  /** Decodes the picture parameters: asked for once the signature held. */
  pictures(): Promise<ReadonlyMap<string, PictureValue>>;
  /** Lets go of the body. */
  release(): void;
}
