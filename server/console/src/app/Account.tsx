import type { ReactNode } from 'react';
import { Dialog, DialogTrigger, Popover } from 'react-aria-components';

import { useMessages } from '../messages/messages.ts';
import { useSession } from '../session/session.tsx';
import { Button } from '../ui/Button.tsx';
import { appMessages } from './messages.ts';
import { Preferences } from './Preferences.tsx';

/** Whose key it is, how the page looks, and the way out. */
export function Account(): ReactNode {
  const texts = useMessages(appMessages);
  const { accessKeyId, signOut } = useSession();
  return (
    <DialogTrigger>
      <Button look="quiet" aria-label={texts.account(accessKeyId)}>
        <span className="account-key">{accessKeyId}</span>
        <span aria-hidden="true" className="select-arrow" />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Dialog className="account" aria-label={texts.account(accessKeyId)}>
          <p className="account-signed-in">{texts.signedInAs(accessKeyId)}</p>
          <Preferences hasLabels />
          <Button onPress={signOut}>{texts.signOut}</Button>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
