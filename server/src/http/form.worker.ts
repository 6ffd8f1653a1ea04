/** A thread that holds large forms: parses them, signs them, decodes their pictures. Large JSON bodies it reads. */
import { parentPort } from 'node:worker_threads';

import { ApiError } from '@likeness/shared/errors';

import { FormContent } from './form-content.ts';
import type { FormAnswer, FormQuestion, FormValues } from './form-messages.ts';
import { PICTURE_MEMBER, readJsonContent } from './json-content.ts';

const forms = new Map<number, FormContent>();

parentPort?.on('message', (question: FormQuestion) => {
  if (question.kind === 'release') {
    forms.delete(question.id);
    return;
  }
  try {
    const value = answer(question);
    post({ id: question.id, value }, pictureBuffers(value));
  } catch (error) {
    const code = ApiError.is(error) ? { code: error.code } : {};
    post({ id: question.id, error: (error as Error).message, ...code }, []);
  }
});

function answer(
  question: Exclude<FormQuestion, { kind: 'release' }>,
): FormValues[keyof FormValues] {
  if (question.kind === 'json') return readJsonContent(question.body, question.body);
  if (question.kind === 'open') {
    const form = new FormContent(question.body);
    forms.set(question.id, form);
    return form.pairs;
  }
  const form = forms.get(question.id);
  if (form === undefined) throw new Error(`no form ${question.id} is open`);
  return question.kind === 'sign'
    ? form.expectRpcV1(question.request)
    : form.pictures(question.room);
}

function post(message: FormAnswer, transfer: readonly ArrayBuffer[]): void {
  parentPort?.postMessage(message, transfer);
}

/** Moved, not copied, where they are not shared. */
function pictureBuffers(value: FormValues[keyof FormValues]): ArrayBuffer[] {
  const pictures =
    value instanceof Map
      ? [...(value as FormValues['pictures']).values()].map((each) =>
          each.kind === 'bytes' ? each.bytes : undefined,
        )
      : [(value as FormValues['json'])[PICTURE_MEMBER]];
  return pictures.flatMap((picture) =>
    picture instanceof Uint8Array && picture.buffer instanceof ArrayBuffer ? [picture.buffer] : [],
  );
}
