import type { ReactNode } from 'react';
import {
  Dialog as AriaDialog,
  DialogTrigger,
  Heading,
  Modal,
  ModalOverlay,
} from 'react-aria-components';

import { useMessages } from '../messages/messages.ts';
import { Button } from './Button.tsx';
import './dialog.css';
import { uiMessages } from './messages.ts';

export interface DialogProps {
  readonly title: string;
  /** The button that opens it; without one, `isOpen` does. */
  readonly trigger?: ReactNode;
  readonly isOpen?: boolean;
  readonly onOpenChange?: (isOpen: boolean) => void;
  readonly isWide?: boolean;
  readonly children: (close: () => void) => ReactNode;
}

/** Something to finish, or to leave, before going on. */
export function Dialog({
  title,
  trigger,
  isWide = false,
  children,
  ...state
}: DialogProps): ReactNode {
  const texts = useMessages(uiMessages);
  const overlay = (
    <ModalOverlay className="overlay" isDismissable {...(trigger === undefined && state)}>
      <Modal className={isWide ? 'modal modal-wide' : 'modal'}>
        <AriaDialog className="dialog">
          {({ close }) => (
            <>
              <div className="dialog-head">
                <Heading slot="title" className="dialog-title">
                  {title}
                </Heading>
                <Button look="quiet" slot="close" aria-label={texts.close}>
                  ×
                </Button>
              </div>
              {children(close)}
            </>
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
  if (trigger === undefined) return overlay;
  return (
    <DialogTrigger {...state}>
      {trigger}
      {overlay}
    </DialogTrigger>
  );
}

/** The buttons at a dialog's end. */
export function DialogActions({ children }: { readonly children: ReactNode }): ReactNode {
  return <div className="dialog-actions">{children}</div>;
}
