import { CATEGORIES } from '@likeness/shared/api';
import { InvalidArgumentError } from 'commander';

/** A whole number. */
export function parseWhole(text: string): number {
  if (!/^-?\d{1,15}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(text);
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
