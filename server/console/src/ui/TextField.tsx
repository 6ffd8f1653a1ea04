import type { ReactNode } from 'react';
import {
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
} from 'react-aria-components';

import './fields.css';

export interface TextFieldProps extends Omit<
  AriaTextFieldProps,
  'className' | 'style' | 'children'
> {
  readonly label: string;
  readonly placeholder?: string;
  readonly hint?: ReactNode;
  /** What is wrong with it; shown when `isInvalid`, or in place of the browser's own words. */
  readonly error?: string | undefined;
  /** More than one line. */
  readonly rows?: number;
}

export function TextField(props: TextFieldProps): ReactNode {
  const { label, placeholder = '', hint, error, rows, ...rest } = props;
  return (
    <AriaTextField {...rest} className="field">
      <Label className="field-label">{label}</Label>
      {rows === undefined ? (
        <Input className="field-input" placeholder={placeholder} />
      ) : (
        <TextArea className="field-input" placeholder={placeholder} rows={rows} />
      )}
      {hint !== undefined && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
    </AriaTextField>
  );
}
