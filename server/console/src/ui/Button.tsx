import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';

import './button.css';

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style'> {
  /** `primary` once a screen; `danger` deletes; `quiet` stands among other things. */
  readonly look?: 'primary' | 'plain' | 'danger' | 'quiet';
  readonly children: ReactNode;
}

export function Button({ look = 'plain', ...rest }: ButtonProps): ReactNode {
  return <AriaButton {...rest} className={`button button-${look}`} />;
}
