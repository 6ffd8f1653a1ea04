import { useState, type ReactNode } from 'react';

import { useMessages } from '../messages/messages.ts';
import { Button } from './Button.tsx';
import { Dialog, DialogActions } from './Dialog.tsx';
import { Failure } from './Failure.tsx';
import { uiMessages } from './messages.ts';
import { TextField } from './TextField.tsx';
import type { RunningAction } from './use-action.ts';

export interface ConfirmByNameProps {
  readonly title: string;
  /** What is lost. */
  readonly warning: ReactNode;
  /** To be typed before the button works. */
  readonly name: string;
  readonly verb: string;
  readonly action: RunningAction<string>;
  readonly onClose: () => void;
}

/** Asks once more before something is lost for good. */
export function ConfirmByName(props: ConfirmByNameProps): ReactNode {
  const { title, warning, name, verb, action, onClose } = props;
  const texts = useMessages(uiMessages);
  const [typed, setTyped] = useState('');
  const confirm = async (): Promise<void> => {
    if (await action.run(name)) onClose();
  };
  return (
    <Dialog title={title} isOpen onOpenChange={onClose}>
      {() => (
        <>
          <p>{warning}</p>
          <TextField label={texts.typeName(name)} value={typed} onChange={setTyped} autoFocus />
          {action.error !== null && <Failure error={action.error} />}
          <DialogActions>
            <Button onPress={onClose}>{texts.cancel}</Button>
            <Button
              look="danger"
              isDisabled={typed !== name}
              isPending={action.isRunning}
              onPress={() => void confirm()}
            >
              {verb}
            </Button>
          </DialogActions>
        </>
      )}
    </Dialog>
  );
}
