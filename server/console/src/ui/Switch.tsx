import type { ReactNode } from 'react';
import { Switch as AriaSwitch } from 'react-aria-components';

import './fields.css';

export interface SwitchProps {
  readonly isSelected: boolean;
  readonly onChange: (isSelected: boolean) => void;
  readonly isDisabled?: boolean;
  readonly children: ReactNode;
}

export function Switch({ children, ...rest }: SwitchProps): ReactNode {
  return (
    <AriaSwitch {...rest} className="switch">
      <span className="switch-track" aria-hidden="true" />
      {children}
    </AriaSwitch>
  );
}
