import type { AccessKeyInfo, CreatedAccessKey, Role } from '@likeness/sdk';
import { LIMITS, ROLES } from '@likeness/shared/api';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Form } from 'react-aria-components';

import { useMessages } from '../messages/messages.ts';
import { useClient } from '../session/session.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog, DialogActions } from '../ui/Dialog.tsx';
import { Failure } from '../ui/Failure.tsx';
import { uiMessages } from '../ui/messages.ts';
import { NumberField } from '../ui/NumberField.tsx';
import { Select } from '../ui/Select.tsx';
import { TextField } from '../ui/TextField.tsx';
import { useAction } from '../ui/use-action.ts';
import { keyMessages } from './messages.ts';

export interface KeyDialogProps {
  /** To change; a new one without. */
  readonly accessKey?: AccessKeyInfo;
  readonly onMade?: (made: CreatedAccessKey) => void;
  readonly onClose: () => void;
}

/** Makes a key, or changes what one may do. */
export function KeyDialog({ accessKey, onMade, onClose }: KeyDialogProps): ReactNode {
  const texts = useMessages(keyMessages);
  const common = useMessages(uiMessages);
  const client = useClient();
  const [name, setName] = useState(accessKey?.name ?? '');
  const [role, setRole] = useState<Role>(accessKey?.role ?? 'read');
  const [scopes, setScopes] = useState(accessKey?.scopes.join(', ') ?? '');
  const [rate, setRate] = useState(accessKey?.rate ?? 0);
  const [expiry, setExpiry] = useState(localTime(accessKey?.utcExpireTime ?? ''));
  const save = useAction(async () => {
    const settings = {
      name,
      role,
      scopes: scopes.split(',').map((scope) => scope.trim()),
      rate,
      utcExpireTime: expiry === '' ? 0 : new Date(expiry).getTime(),
    };
    if (accessKey === undefined) {
      onMade?.((await client.createAccessKey(settings)).accessKey);
    } else {
      await client.updateAccessKey({ userAccessKeyId: accessKey.accessKeyId, ...settings });
      onClose();
    }
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void save.run(undefined);
  };
  return (
    <Dialog
      title={accessKey === undefined ? texts.create : texts.change}
      isOpen
      onOpenChange={onClose}
    >
      {() => (
        <Form className="stack" onSubmit={submit}>
          <TextField
            label={texts.name}
            hint={texts.nameHint}
            value={name}
            onChange={setName}
            maxLength={LIMITS.MAX_KEY_NAME_LENGTH}
            autoFocus
          />
          <Select
            label={texts.role}
            value={role}
            onChange={setRole}
            options={ROLES.map((value) => ({ value, text: texts[value] }))}
          />
          <TextField
            label={texts.scopes}
            hint={texts.scopesHint}
            error={texts.scopesMissing}
            value={scopes}
            onChange={setScopes}
            isRequired
          />
          <NumberField
            label={texts.rate}
            hint={texts.unlimited}
            minValue={0}
            value={rate}
            onChange={(value) => setRate(Number.isNaN(value) ? 0 : value)}
          />
          <TextField
            label={texts.expiry}
            hint={texts.never}
            type="datetime-local"
            value={expiry}
            onChange={setExpiry}
          />
          {save.error !== null && <Failure error={save.error} />}
          <DialogActions>
            <Button onPress={onClose}>{common.cancel}</Button>
            <Button type="submit" look="primary" isPending={save.isRunning}>
              {common.save}
            </Button>
          </DialogActions>
        </Form>
      )}
    </Dialog>
  );
}

/** As the browser's field for local times has it. */
function localTime(utcMs: string): string {
  if (utcMs === '') return '';
  const date = new Date(Number(utcMs));
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length);
}
