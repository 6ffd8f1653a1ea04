import type { ReactNode } from 'react';
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';

import { Button } from './Button.tsx';
import './fields.css';

export interface ActionMenuProps<Action extends string> {
  /** Read aloud: of what. */
  readonly label: string;
  readonly actions: readonly { readonly id: Action; readonly text: string }[];
  readonly onAction: (action: Action) => void;
}

/** What can be done with a row of a table. */
export function ActionMenu<Action extends string>(props: ActionMenuProps<Action>): ReactNode {
  const { label, actions, onAction } = props;
  return (
    <MenuTrigger>
      <Button look="quiet" aria-label={label}>
        ⋯
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu className="list" onAction={(key) => onAction(key as Action)}>
          {actions.map(({ id, text }) => (
            <MenuItem key={id} id={id} className="list-option">
              {text}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
