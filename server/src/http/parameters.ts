import { ApiError } from '@likeness/shared/errors';
import type { Pairs } from '@likeness/shared/signing';

import type { RequestParameters, SentPicture } from '../actions/action.ts';
import { PICTURE_PARAMETERS, readPictures, type PictureValue } from './form-content.ts';

/** Names that only the signature is about: no action reads them, and no log should meet them. */
const SIGNATURE_PARAMETERS: ReadonlySet<string> = new Set(['Signature', 'SecurityToken']);

/**
 * Query and form as one set of parameters. Empty values are absent. A name that comes twice with the
 * same value counts once; with two values it is refused, because no reading of it is sure to be the
 * sender's.
 *
 * @throws {ApiError} `InvalidParameter.Format`
 */
export function mergeParameters(
  query: Pairs,
  form: Pairs,
  formPictures: ReadonlyMap<string, PictureValue>,
): RequestParameters {
  const text = new Map<string, string>();
  const pictures = new Map<string, SentPicture>();
  for (const [name, value] of [...query, ...form]) {
    if (value === '' || PICTURE_PARAMETERS.has(name) || SIGNATURE_PARAMETERS.has(name)) continue;
    if ((text.get(name) ?? value) !== value) throw ambiguous(name);
    text.set(name, value);
  }
  for (const [name, picture] of [...readPictures(query), ...formPictures]) {
    if (picture.kind === 'ambiguous' || pictures.has(name)) throw ambiguous(name);
    pictures.set(name, picture);
  }
  return { text, pictures };
}

function ambiguous(name: string): ApiError {
  return new ApiError('InvalidParameter.Format', {
    message: `The parameter ${name.slice(0, 64)} is sent twice, with different values.`,
  });
}
