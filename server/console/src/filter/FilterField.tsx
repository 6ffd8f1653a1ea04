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
  readonly onChange: (filter: string) => void;
}

/** A filter as text, checked before it is sent, and a builder that writes it. */
export function FilterField({ language, value, onChange }: FilterFieldProps): ReactNode {
  const texts = useMessages(filterMessages);
  const [draft, setDraft] = useState(value);
  const wrong = filterProblem(language, draft);
  const commit = (): void => {
    if (wrong === undefined && draft !== value) onChange(draft.trim());
  };
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
    </div>
  );
}
