import { LIMITS } from '@likeness/shared/api';
import type { ReactNode } from 'react';

import { useMessages } from '../messages/messages.ts';
import { NumberField } from '../ui/NumberField.tsx';
import './collections.css';
import { collectionMessages } from './messages.ts';

/** What a collection of either kind is limited to. */
export interface Limits {
  /** Pictures. */
  readonly capacity: number;
  /** Searches a second; 0 is unlimited, as the two below. */
  readonly qps: number;
  readonly addQps: number;
  readonly deleteQps: number;
}

export const DEFAULT_LIMITS: Limits = {
  capacity: LIMITS.DEFAULT_CAPACITY,
  qps: 0,
  addQps: 0,
  deleteQps: 0,
};

const NAMES = ['capacity', 'qps', 'addQps', 'deleteQps'] as const;

export interface LimitFieldsProps {
  readonly limits: Limits;
  readonly onChange: (limits: Limits) => void;
}

export function LimitFields({ limits, onChange }: LimitFieldsProps): ReactNode {
  const texts = useMessages(collectionMessages);
  return (
    <div className="limit-fields">
      {NAMES.map((name) => (
        <NumberField
          key={name}
          label={texts[name]}
          minValue={name === 'capacity' ? 1 : 0}
          maxValue={name === 'capacity' ? LIMITS.MAX_CAPACITY : LIMITS.MAX_QPS}
          value={limits[name]}
          onChange={(value) => {
            if (!Number.isNaN(value)) onChange({ ...limitsOf(limits), [name]: value });
          }}
        />
      ))}
      <p className="field-hint">{texts.unlimited}</p>
    </div>
  );
}

/** The limits alone, of whatever has them. */
export function limitsOf({ capacity, qps, addQps, deleteQps }: Limits): Limits {
  return { capacity, qps, addQps, deleteQps };
}
