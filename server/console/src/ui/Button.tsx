import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';

import './button.css';

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style'> {
  /** `primary` once a screen; `danger` deletes; `quiet` stands among other things. */
  readonly look?: 'primary' | 'plain' | 'danger' | 'quiet';
  readonly children: ReactNode;
}

/**
 * While it is pending it keeps the focus and does nothing. The component's own way of that leaves an announcement behind
 * which names the button by its id: an unnamed image, once the button is gone, as it is with a dialog that closes.
 */
export function Button({ look = 'plain', isPending = false, ...rest }: ButtonProps): ReactNode {
  const className = `button button-${look}`;
  if (!isPending) return <AriaButton {...rest} className={className} />;
  return (
    <AriaButton
      {...rest}
      type="button"
      aria-disabled
      onPress={doNothing}
      className={`${className} button-pending`}
    />
  );
}

function doNothing(): void {}
