import type { ReactNode } from 'react';

import { useFormats } from '../messages/formats.ts';
import { useMessages } from '../messages/messages.ts';
import type { Carried } from './carried.ts';
import { searchMessages } from './messages.ts';

export interface CarriedChipsProps {
  readonly carried: readonly Carried[];
  /** Also those names that say nothing to people, for who is about to filter by them. */
  readonly hasAllNames?: boolean;
}

/** Attributes or tags, each on a chip. */
export function CarriedChips({ carried, hasAllNames = false }: CarriedChipsProps): ReactNode {
  const texts = useMessages(searchMessages);
  const { count } = useFormats();
  if (carried.length === 0) return null;
  return (
    <ul className="chips" aria-label={texts.attributes}>
      {carried.map(({ name, value, isTelling }) => (
        <li key={name} className="chip" title={`${name}: ${value}`}>
          {(isTelling || hasAllNames) && <span className="chip-name">{name} </span>}
          {typeof value === 'number' ? count(value) : value}
        </li>
      ))}
    </ul>
  );
}
