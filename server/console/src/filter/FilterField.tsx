import { ApiError } from '@likeness/sdk';
import { useState, type ReactNode } from 'react';

import { useMessages } from '../messages/messages.ts';
import { Button } from '../ui/Button.tsx';
import { TextField } from '../ui/TextField.tsx';
import { FilterDialog } from './FilterDialog.tsx';
import { filterProblem, type FilterLanguage } from './filter-language.ts';
import { filterMessages } from './messages.ts';
import './filter.css';

export interface FilterFieldProps {
  readonly language: FilterLanguage;
  readonly value: string;
  /** What the server said of the last request; shown if it is about the filter. */
  readonly refusal?: Error | undefined;
  readonly onChange: (filter: string) => void;
}

/** How either API refuses a filter. */
const REFUSALS: ReadonlySet<string> = new Set(['InvalidFilterClause', 'INVALID_TAG_FILTER']);

/** A filter as text, checked before it is sent, and a builder that writes it. */
export function FilterField({ language, value, refusal, onChange }: FilterFieldProps): ReactNode {
  const texts = useMessages(filterMessages);
  const [draft, setDraft] = useState(value);
  const wrong = filterProblem(language, draft);
  const commit = (): void => {
    if (wrong === undefined && draft !== value) onChange(draft.trim());
  };
  const isRefused = ApiError.is(refusal) && REFUSALS.has(refusal.code);
  return (
    <div className="filter-field">
      <div className="filter-field-parts">
        <TextField
          label={texts.filter}
          placeholder={language.example}
          value={draft}
          onChange={setDraft}
          onBlur={commit}
          onKeyDown={({ key }) => {
            if (key === 'Enter') commit();
          }}
          isInvalid={wrong !== undefined}
          error={
            wrong && (wrong.offset === undefined ? texts.refused : texts.expected)(wrong.message)
          }
        />
        <div className="row">
          <FilterDialog
            language={language}
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
      {wrong?.offset !== undefined && (
        <code className="filter-mark">
          {draft.slice(0, wrong.offset)}
          <mark>{draft.slice(wrong.offset) || '⎵'}</mark>
        </code>
      )}
      {isRefused && wrong === undefined && <p className="field-error">{refusal.message}</p>}
    </div>
  );
}
