import { ApiError } from '@likeness/sdk';
import { FilterSyntaxError, parseFilter } from '@likeness/shared/filter';
import { useState, type ReactNode } from 'react';

import { useMessages } from '../messages/messages.ts';
import { Button } from '../ui/Button.tsx';
import { TextField } from '../ui/TextField.tsx';
import { FilterDialog } from './FilterDialog.tsx';
import { filterMessages } from './messages.ts';
import './filter.css';

export interface FilterFieldProps {
  readonly value: string;
  /** What the server said of the last request; shown if it is about the filter. */
  readonly refusal?: Error | undefined;
  readonly onChange: (filter: string) => void;
}

/** A filter as text, checked before it is sent, and a builder that writes it. */
export function FilterField({ value, refusal, onChange }: FilterFieldProps): ReactNode {
  const texts = useMessages(filterMessages);
  const [draft, setDraft] = useState(value);
  const wrong = syntaxErrorOf(draft);
  const commit = (): void => {
    if (wrong === undefined && draft !== value) onChange(draft.trim());
  };
  const isRefused = ApiError.is(refusal) && refusal.code === 'InvalidFilterClause';
  return (
    <div className="filter-field">
      <div className="filter-field-parts">
        <TextField
          label={texts.filter}
          placeholder={texts.placeholder}
          value={draft}
          onChange={setDraft}
          onBlur={commit}
          onKeyDown={({ key }) => {
            if (key === 'Enter') commit();
          }}
          isInvalid={wrong !== undefined}
          error={wrong && texts.expected(wrong.message)}
        />
        <div className="row">
          <FilterDialog
            filter={wrong === undefined ? draft : ''}
            onApply={onChange}
            trigger={<Button>{texts.build}</Button>}
          />
          {value !== '' && (
            <Button look="quiet" onPress={() => onChange('')}>
              {texts.clear}
            </Button>
          )}
        </div>
      </div>
      {wrong !== undefined && (
        <code className="filter-mark">
          {draft.slice(0, wrong.offset)}
          <mark>{draft.slice(wrong.offset) || '⎵'}</mark>
        </code>
      )}
      {isRefused && wrong === undefined && <p className="field-error">{refusal.message}</p>}
    </div>
  );
}

function syntaxErrorOf(text: string): FilterSyntaxError | undefined {
  if (text.trim() === '') return undefined;
  try {
    parseFilter(text);
    return undefined;
  } catch (error) {
    if (error instanceof FilterSyntaxError) return error;
    throw error;
  }
}
