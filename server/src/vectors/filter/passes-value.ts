import { decodeDecimal, decodeFloat, TAGS } from '../attributes/encoded-value.ts';

import { hasBit, type NumberRange, type TermPlan } from './filter-plan.ts';

/** Whether a value as its column keeps it passes a term's positive twin. */
export function passesValue(term: TermPlan, tag: number, word: number, high: number): boolean {
  switch (tag) {
    case TAGS.integer:
      return passesNumber(term, word);
    case TAGS.decimal:
      return passesNumber(term, decodeDecimal(word));
    case TAGS.float:
      return passesNumber(term, decodeFloat(word, high));
    case TAGS.text:
      return hasBit(term.texts, word);
    case TAGS.list:
      return hasBit(term.lists, word);
    case TAGS.yes:
      return term.passesYes;
    case TAGS.no:
      return term.passesNo;
    default:
      return false;
  }
}

function isInRange({ from, to, includesFrom, includesTo }: NumberRange, value: number): boolean {
  const isAbove = includesFrom ? value >= from : value > from;
  return isAbove && (includesTo ? value <= to : value < to);
}

function passesNumber({ ranges, numbers }: TermPlan, value: number): boolean {
  if (numbers !== undefined) return numbers.has(value);
  return ranges.some((range) => isInRange(range, value));
}
