import { CATEGORIES } from '@likeness/shared/api';
import { InvalidArgumentError } from 'commander';

/** A whole number. */
export function parseWhole(text: string): number {
  if (!/^-?\d{1,15}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(text);
}

/** A number of any kind. */
export function parseNumber(text: string): number {
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) {
    throw new InvalidArgumentError('Expected a number.');
  }
  return number;
}

/** A category's number, or its name in any case. */
export function parseCategory(text: string): number {
  const category = CATEGORIES.find(
    ({ id, name }) => String(id) === text || name.toLowerCase() === text.toLowerCase(),
  );
  if (category !== undefined) return category.id;
  const names = CATEGORIES.map(({ id, name }) => `${id} ${name}`).join(', ');
  throw new InvalidArgumentError(`Expected one of: ${names}.`);
}

const DAY_MS = 86_400_000;

/** `never`, a number of days from now such as `90d`, or a date: as milliseconds since 1970, 0 for never. */
export function parseExpiry(text: string): number {
  if (text === 'never') return 0;
  const days = /^(\d{1,5})d$/.exec(text)?.[1];
  const ms = days === undefined ? Date.parse(text) : Date.now() + Number(days) * DAY_MS;
  if (Number.isNaN(ms)) {
    throw new InvalidArgumentError(
      'Expected a date such as 2027-01-31, a number of days such as 90d, or never.',
    );
  }
  return ms;
}
