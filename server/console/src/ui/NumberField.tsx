import type { ReactNode } from 'react';
import {
  FieldError,
  Input,
  Label,
  NumberField as AriaNumberField,
  Text,
  type NumberFieldProps as AriaNumberFieldProps,
} from 'react-aria-components';

import './fields.css';

export interface NumberFieldProps extends Omit<
  AriaNumberFieldProps,
  'className' | 'style' | 'children'
> {
  readonly label: string;
  readonly hint?: ReactNode;
}

export function NumberField({ label, hint, ...rest }: NumberFieldProps): ReactNode {
  return (
    <AriaNumberField {...rest} className="field">
      <Label className="field-label">{label}</Label>
      <Input className="field-input" />
      {hint !== undefined && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error" />
    </AriaNumberField>
  );
}
