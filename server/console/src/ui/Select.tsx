import type { ReactNode } from 'react';
import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select as AriaSelect,
  SelectValue,
} from 'react-aria-components';

import './fields.css';

export interface SelectProps<Value extends string> {
  /** Read aloud, and shown above unless `isLabelHidden`. */
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly options: readonly { readonly value: Value; readonly text: string }[];
  readonly value: Value | null;
  readonly onChange: (value: Value) => void;
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
}

/** One of a few. */
export function Select<Value extends string>(props: SelectProps<Value>): ReactNode {
  const { label, isLabelHidden = false, options, value, onChange, placeholder } = props;
  const chosen = (key: unknown): void => {
    const option = options.find((candidate) => candidate.value === key);
    if (option !== undefined) onChange(option.value);
  };
  return (
    <AriaSelect
      className="field"
      value={value}
      onChange={chosen}
      isDisabled={props.isDisabled ?? false}
      {...(placeholder !== undefined && { placeholder })}
      {...(isLabelHidden && { 'aria-label': label })}
    >
      {!isLabelHidden && <Label className="field-label">{label}</Label>}
      <Button className="field-input select-button">
        <SelectValue className="select-value" />
        <span aria-hidden="true" className="select-arrow" />
      </Button>
      <Popover className="popover">
        <ListBox
          className="list"
          items={options.map((option) => ({ ...option, id: option.value }))}
        >
          {({ id, text }) => (
            <ListBoxItem id={id} textValue={text} className="list-option">
              {text}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
