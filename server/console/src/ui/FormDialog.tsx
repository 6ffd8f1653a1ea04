import type { FormEvent, ReactNode } from 'react';
import { Form } from 'react-aria-components';

import { useMessages } from '../messages/messages.ts';
import { Button } from './Button.tsx';
import { Dialog, DialogActions } from './Dialog.tsx';
import { Failure } from './Failure.tsx';
import { uiMessages } from './messages.ts';
import type { RunningAction } from './use-action.ts';

export interface FormDialogProps {
  readonly title: string;
  /** What saving does. */
  readonly save: RunningAction<undefined>;
  /** When it was done. */
  readonly onSaved?: () => void;
  readonly onClose: () => void;
  /** The fields. */
  readonly children: ReactNode;
}

/** Fields to fill in, and to save or leave. */
export function FormDialog({
  title,
  save,
  onSaved,
  onClose,
  children,
}: FormDialogProps): ReactNode {
  const texts = useMessages(uiMessages);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (await save.run(undefined)) onSaved?.();
  };
  return (
    <Dialog title={title} isOpen onOpenChange={onClose}>
      {() => (
        <Form className="stack" onSubmit={(event) => void submit(event)}>
          {children}
          {save.error !== null && <Failure error={save.error} />}
          <DialogActions>
            <Button onPress={onClose}>{texts.cancel}</Button>
            <Button type="submit" look="primary" isPending={save.isRunning}>
              {texts.save}
            </Button>
          </DialogActions>
        </Form>
      )}
    </Dialog>
  );
}
