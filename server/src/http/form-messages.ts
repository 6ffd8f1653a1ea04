import type { Pairs } from '@likeness/shared/signing';

import type { RpcV1Expectation, RpcV1SigningRequest } from '../auth/signed-request.ts';
import type { PictureValue } from './form-content.ts';
import type { JsonContent } from './json-content.ts';

/** What a form thread is asked, about the form `id`. Bodies and room are shared memory. One question at a time a form. */
export type FormQuestion =
  | { readonly kind: 'open'; readonly id: number; readonly body: Uint8Array }
  | { readonly kind: 'sign'; readonly id: number; readonly request: RpcV1SigningRequest }
  /** `room` is for what is decoded, at most three quarters of the form. */
  | { readonly kind: 'pictures'; readonly id: number; readonly room: Uint8Array }
  | { readonly kind: 'release'; readonly id: number }
  /** Of a body that is no form and is not held. */
  | { readonly kind: 'json'; readonly id: number; readonly body: Uint8Array };

/** The value that each question is answered with. */
export interface FormValues {
  readonly open: Pairs;
  readonly sign: RpcV1Expectation;
  readonly pictures: ReadonlyMap<string, PictureValue>;
  readonly json: JsonContent;
}

export type FormAnswer =
  | { readonly id: number; readonly value: FormValues[keyof FormValues] }
  /** With a code: the caller's fault, to be told so. */
  | { readonly id: number; readonly error: string; readonly code?: string };
