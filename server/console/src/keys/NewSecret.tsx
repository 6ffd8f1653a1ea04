import type { CreatedAccessKey } from '@likeness/sdk';
import type { ReactNode } from 'react';

import { useMessages } from '../messages/messages.ts';
import { Button } from '../ui/Button.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { Dialog, DialogActions } from '../ui/Dialog.tsx';
import { uiMessages } from '../ui/messages.ts';
import { keyMessages } from './messages.ts';

export interface NewSecretProps {
  readonly made: CreatedAccessKey;
  readonly onClose: () => void;
}

/** The one time that a secret is told. */
export function NewSecret({ made, onClose }: NewSecretProps): ReactNode {
  const texts = useMessages(keyMessages);
  const common = useMessages(uiMessages);
  const rows = [
    [texts.id, made.accessKeyId],
    [texts.secret, made.accessKeySecret],
  ] as const;
  return (
    <Dialog title={texts.madeTitle} isOpen onOpenChange={onClose}>
      {() => (
        <>
          <p>{texts.madeHint}</p>
          <dl className="stack">
            {rows.map(([name, value]) => (
              <div key={name} className="stack-tight">
                <dt className="field-label">{name}</dt>
                <dd className="row">
                  <code>{value}</code>
                  <CopyButton text={value} />
                </dd>
              </div>
            ))}
          </dl>
          <DialogActions>
            <Button look="primary" onPress={onClose}>
              {common.done}
            </Button>
          </DialogActions>
        </>
      )}
    </Dialog>
  );
}
