import { ApiError } from '@likeness/shared/errors';

import type { CalibrationKnots } from '../vectors/vector-index.ts';
import type { PackSummary, TextKnowledge } from '../vision/vision.ts';
import type { CollectionSettings } from './catalog.ts';
import { LIBRARY_MODE_OF, serviceTypeOfCollection } from './framing.ts';

/** Unknown words that a refusal names. */
const MAX_NAMED_WORDS = 5;

/**
 * How texts score in a collection; undefined for a library whose pack knows none: there are words to search by.
 *
 * @throws {ApiError} `UnsupportedInstanceType`, for a library `ModeNotSupported`, where no text is searched by.
 */
export function requireTexts(
  settings: CollectionSettings,
  { textCalibration }: PackSummary,
): CalibrationKnots | undefined {
  if (settings.facade === 'library') {
    requireWhole(settings);
    return textCalibration;
  }
  if (!serviceTypeOfCollection(settings).searchesByText) {
    throw new ApiError('UnsupportedInstanceType');
  }
  if (textCalibration !== undefined) return textCalibration;
  const message = 'The instance type is not supported: its model knows no texts.';
  throw new ApiError('UnsupportedInstanceType', { message });
}

/**
 * The same where a text has to be placed.
 *
 * @throws {ApiError} as {@link requireTexts}, also for a library whose pack knows no texts.
 */
export function requireTextCalibration(
  settings: CollectionSettings,
  pack: PackSummary,
): CalibrationKnots {
  const calibration = requireTexts(settings, pack);
  if (calibration !== undefined) return calibration;
  const message = `The model of image library '${settings.name}' knows no texts.`;
  throw new ApiError('ModeNotSupported', { message });
}

/** The document says so in so many words. */
function requireWhole({ name, mode }: CollectionSettings): void {
  if (mode === 'whole') return;
  const message = `Image library '${name}' is in ${LIBRARY_MODE_OF[mode]} mode and does not support text-to-image search.`;
  throw new ApiError('ModeNotSupported', { message });
}

/** A text of which too little is known; the message names the words. */
export function unknownText({ unknownWords }: TextKnowledge, { languages }: PackSummary): ApiError {
  const named = unknownWords.slice(0, MAX_NAMED_WORDS).map((word) => JSON.stringify(word));
  const more = unknownWords.length > MAX_NAMED_WORDS ? ' and others' : '';
  const reason = named.length === 0 ? 'it has no word' : `not known: ${named.join(', ')}${more}`;
  const message = `The text cannot be placed, ${reason}. Languages known: ${languages.join(', ')}.`;
  return new ApiError('UnknownText', { message });
}
