import type { ReactNode } from 'react';

import { useMessages } from '../messages/messages.ts';
import { Button } from '../ui/Button.tsx';
import { Select } from '../ui/Select.tsx';
import { TextField } from '../ui/TextField.tsx';
import { isList, type Condition } from './conditions.ts';
import { VALUE_TYPES, type FilterLanguage, type ValueType } from './filter-language.ts';
import { filterMessages } from './messages.ts';

export interface ConditionLineProps {
  readonly language: FilterLanguage;
  readonly condition: Condition;
  readonly isWrong: boolean;
  readonly onChange: (condition: Condition) => void;
  readonly onRemove: () => void;
}

/** A field, its test, and what it is compared with. */
export function ConditionLine(props: ConditionLineProps): ReactNode {
  const { language, condition, isWrong, onChange, onRemove } = props;
  const texts = useMessages(filterMessages);
  const { field, operator, type, value } = condition;
  const retype = (next: ValueType, name = field): void => {
    const keeps = language.operators[next].includes(operator);
    const kept = next === type ? value : next === 'boolean' ? 'true' : '';
    const changed = { field: name, type: next, value: kept };
    onChange({ ...changed, operator: keeps ? operator : '=' });
  };
  const wrongNumber = language.hasIntegersOnly ? texts.wholeNumber : texts.aNumber;
  return (
    <div className={language.fields === undefined ? 'field-line field-line-four' : 'field-line'}>
      {language.fields === undefined ? (
        <>
          <TextField
            label={texts.tag}
            value={field}
            onChange={(name) => onChange({ ...condition, field: name })}
          />
          <Select
            label={texts.type}
            value={type}
            onChange={(next) => retype(next)}
            options={VALUE_TYPES.map((one) => ({ value: one, text: texts[one] }))}
          />
        </>
      ) : (
        <Select
          label={texts.field}
          value={field}
          onChange={(name) => {
            retype(language.fields?.find((one) => one.name === name)?.type ?? 'text', name);
          }}
          options={language.fields.map(({ name }) => ({ value: name, text: name }))}
        />
      )}
      <Select
        label={texts.operator}
        value={operator}
        onChange={(next) => onChange({ ...condition, operator: next })}
        options={language.operators[type].map((one) => ({ value: one, text: one }))}
      />
      {type === 'boolean' ? (
        <Select
          label={texts.value}
          value={value}
          onChange={(next) => onChange({ ...condition, value: next })}
          options={[
            { value: 'true', text: texts.yes },
            { value: 'false', text: texts.no },
          ]}
        />
      ) : (
        <TextField
          label={isList(operator) ? texts.values : texts.value}
          value={value}
          onChange={(next) => onChange({ ...condition, value: next })}
          isInvalid={isWrong}
          error={type === 'number' ? wrongNumber : undefined}
        />
      )}
      <Button look="quiet" aria-label={texts.remove} onPress={onRemove}>
        ×
      </Button>
    </div>
  );
}
