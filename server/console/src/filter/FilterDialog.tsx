import { ATTRIBUTES } from '@likeness/shared/api';
import { parseFilter } from '@likeness/shared/filter';
import { useState, type ReactNode } from 'react';

import { useMessages } from '../messages/messages.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog, DialogActions } from '../ui/Dialog.tsx';
import { Select } from '../ui/Select.tsx';
import { TextField } from '../ui/TextField.tsx';
import {
  flatten,
  isNumeric,
  operatorsOf,
  printConditions,
  type Condition,
  type FlatFilter,
} from './conditions.ts';
import { filterMessages } from './messages.ts';

export interface FilterDialogProps {
  /** Valid text; empty is none. */
  readonly filter: string;
  readonly onApply: (filter: string) => void;
  readonly trigger: ReactNode;
}

/** Builds a filter line by line. */
export function FilterDialog({ filter, onApply, trigger }: FilterDialogProps): ReactNode {
  const texts = useMessages(filterMessages);
  return (
    <Dialog title={texts.title} trigger={trigger} isWide>
      {(close) => {
        const flat = flatten(filter.trim() === '' ? undefined : parseFilter(filter));
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
        return <Builder initial={flat} onApply={apply} onCancel={close} />;
      }}
    </Dialog>
  );
}

const BLANK: Condition = { field: 'str_attr', operator: '=', value: '' };

interface BuilderProps {
  readonly initial: FlatFilter;
  readonly onApply: (filter: string) => void;
  readonly onCancel: () => void;
}

function Builder({ initial, onApply, onCancel }: BuilderProps): ReactNode {
  const texts = useMessages(filterMessages);
  const [connective, setConnective] = useState(initial.connective);
  const [conditions, setConditions] = useState<readonly Condition[]>(
    initial.conditions.length > 0 ? initial.conditions : [BLANK],
  );
  const printed = printConditions({ connective, conditions });
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
      {conditions.map((condition, place) => (
        <ConditionLine
          // Lines have no identity but their place.
          // oxlint-disable-next-line react/no-array-index-key
          key={place}
          condition={condition}
          isWrong={place === wrong && condition.value !== ''}
          onChange={(next) => replace(place, next)}
          onRemove={() => setConditions(conditions.filter((_, index) => index !== place))}
        />
      ))}
      <Button onPress={() => setConditions([...conditions, BLANK])}>{texts.add}</Button>
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

interface LineProps {
  readonly condition: Condition;
  readonly isWrong: boolean;
  readonly onChange: (condition: Condition) => void;
  readonly onRemove: () => void;
}

function ConditionLine({ condition, isWrong, onChange, onRemove }: LineProps): ReactNode {
  const texts = useMessages(filterMessages);
  const operators = operatorsOf(condition.field);
  const isList = condition.operator === 'in' || condition.operator === 'not in';
  const chooseField = (field: string): void => {
    const keeps = operatorsOf(field).includes(condition.operator);
    onChange({ ...condition, field, operator: keeps ? condition.operator : '=' });
  };
  return (
    <div className="filter-line">
      <Select
        label={texts.field}
        value={condition.field}
        onChange={chooseField}
        options={ATTRIBUTES.map(({ name }) => ({ value: name, text: name }))}
      />
      <Select
        label={texts.operator}
        value={condition.operator}
        onChange={(operator) => onChange({ ...condition, operator })}
        options={operators.map((value) => ({ value, text: value }))}
      />
      <TextField
        label={isList ? texts.values : texts.value}
        value={condition.value}
        onChange={(value) => onChange({ ...condition, value })}
        isInvalid={isWrong}
        error={isNumeric(condition.field) ? texts.wholeNumber : undefined}
      />
      <Button look="quiet" aria-label={texts.remove} onPress={onRemove}>
        ×
      </Button>
    </div>
  );
}
