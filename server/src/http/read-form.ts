import type { Pairs } from '@likeness/shared/signing';

import type { SignedForm } from '../auth/signed-request.ts';
import { FormContent, type PictureValue } from './form-content.ts';
import type { BodyLease } from './body-budget.ts';
import type { FormWorkers } from './form-workers.ts';
import type { Form } from './form.ts';
import { MAX_INLINE_FORM_BYTES } from './limits.ts';

/** Reads a form: here if it is small, else in a thread. */
export async function readForm(
  body: Buffer,
  workers: FormWorkers,
  lease: Pick<BodyLease, 'room'>,
): Promise<Form> {
  return body.length > MAX_INLINE_FORM_BYTES ? workers.open(body, lease) : new InlineForm(body);
}

class InlineForm implements Form {
  readonly pairs: Pairs;
  readonly #content: FormContent;

  constructor(body: Buffer) {
    this.#content = new FormContent(body);
    this.pairs = this.#content.pairs;
  }

  async rpcV1Signatures(
    request: Parameters<SignedForm['rpcV1Signatures']>[0],
  ): ReturnType<SignedForm['rpcV1Signatures']> {
    return this.#content.expectRpcV1(request);
  }

  async pictures(): Promise<ReadonlyMap<string, PictureValue>> {
    return this.#content.pictures();
  }

  release(): void {
    // The body goes with this object.
  }
}
