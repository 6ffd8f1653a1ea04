import type { ColumnPlace } from '../attributes/column.ts';
import { decodeNumber, fromScaled, TAGS, type EncodedValue } from '../attributes/encoded-value.ts';

import { hasBit, type TermPlan } from './filter-plan.ts';
import { isInRange } from './number-range.ts';

/** Whether a value as its column keeps it passes a term's positive twin. */
export function passesValue(
  term: TermPlan,
  { tag, word, high }: EncodedValue,
  { isWide, scale }: Pick<ColumnPlace, 'isWide' | 'scale'>,
): boolean {
  switch (tag) {
    case TAGS.number:
      return passesNumber(term, isWide ? decodeNumber(word, high) : fromScaled(word, scale));
    case TAGS.text:
      return hasBit(term.texts.bits, word);
    case TAGS.list:
      return hasBit(term.lists.bits, word);
    case TAGS.yes:
      return term.passesYes;
    case TAGS.no:
      return term.passesNo;
    default:
      return false;
  }
}

function passesNumber({ ranges, numbers }: TermPlan, value: number): boolean {
  if (numbers !== undefined) return numbers.has(value);
  return ranges.some((range) => isInRange(range, value));
}
