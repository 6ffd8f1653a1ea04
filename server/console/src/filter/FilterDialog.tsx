import { useState, type ReactNode } from 'react';

import { useMessages } from '../messages/messages.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog, DialogActions } from '../ui/Dialog.tsx';
import { Select } from '../ui/Select.tsx';
import { ConditionLine } from './ConditionLine.tsx';
import { flatten, printConditions, type Condition, type FlatFilter } from './conditions.ts';
import type { FilterLanguage } from './filter-language.ts';
import { filterMessages } from './messages.ts';

export interface FilterDialogProps {
  readonly language: FilterLanguage;
  /** Valid text; empty is none. */
  readonly filter: string;
  readonly onApply: (filter: string) => void;
  readonly trigger: ReactNode;
}

/** Builds a filter line by line. */
export function FilterDialog({ language, filter, onApply, trigger }: FilterDialogProps): ReactNode {
  const texts = useMessages(filterMessages);
  return (
    <Dialog title={texts.title} trigger={trigger} isWide>
      {(close) => {
        const flat = flatten(filter.trim() === '' ? undefined : language.parse(filter));
        if (flat === undefined) {
          return (
            <>
              <p>{texts.nested}</p>
              <code className="filter-mark">{filter}</code>
              <DialogActions>
                <Button onPress={close}>{texts.cancel}</Button>
              </DialogActions>
            </>
          );
        }
        const apply = (text: string): void => {
          close();
          onApply(text);
        };
        return <Builder language={language} initial={flat} onApply={apply} onCancel={close} />;
      }}
    </Dialog>
  );
}

interface BuilderProps {
  readonly language: FilterLanguage;
  readonly initial: FlatFilter;
  readonly onApply: (filter: string) => void;
  readonly onCancel: () => void;
}

function Builder({ language, initial, onApply, onCancel }: BuilderProps): ReactNode {
  const texts = useMessages(filterMessages);
  const blank = blankOf(language);
  const [connective, setConnective] = useState(initial.connective);
  const [conditions, setConditions] = useState<readonly Condition[]>(
    initial.conditions.length > 0 ? initial.conditions : [blank],
  );
  const printed = printConditions(language, { connective, conditions });
  const wrong = 'wrong' in printed ? printed.wrong : undefined;
  const replace = (place: number, condition: Condition): void => {
    setConditions(conditions.map((old, index) => (index === place ? condition : old)));
  };
  return (
    <>
      <Select
        label={texts.connective}
        value={connective}
        onChange={setConnective}
        options={[
          { value: 'and', text: texts.every },
          { value: 'or', text: texts.any },
        ]}
      />
      <div className="field-lines">
        {conditions.map((condition, place) => (
          <ConditionLine
            // Lines have no identity but their place.
            // oxlint-disable-next-line react/no-array-index-key
            key={place}
            language={language}
            condition={condition}
            isWrong={place === wrong && condition.value !== ''}
            onChange={(next) => replace(place, next)}
            onRemove={() => setConditions(conditions.filter((_, index) => index !== place))}
          />
        ))}
      </div>
      <div className="row">
        <Button onPress={() => setConditions([...conditions, blank])}>{texts.add}</Button>
      </div>
      {'text' in printed && <code className="filter-mark">{printed.text}</code>}
      <DialogActions>
        <Button onPress={onCancel}>{texts.cancel}</Button>
        <Button
          look="primary"
          isDisabled={wrong !== undefined}
          onPress={() => {
            if ('text' in printed) onApply(printed.text);
          }}
        >
          {texts.apply}
        </Button>
      </DialogActions>
    </>
  );
}

/** A text of the first field that holds texts, or of one to be named. */
function blankOf({ fields }: FilterLanguage): Condition {
  const field = fields?.find(({ type }) => type === 'text')?.name ?? '';
  return { field, operator: '=', type: 'text', value: '' };
}
