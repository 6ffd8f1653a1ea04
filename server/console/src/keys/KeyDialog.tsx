import type { AccessKeyInfo, CreatedAccessKey, Role } from '@likeness/sdk';
import { LIMITS, ROLES } from '@likeness/shared/api';
import { useState, type ReactNode } from 'react';

import { useMessages } from '../messages/messages.ts';
import { useClient } from '../session/session.tsx';
import { FormDialog } from '../ui/FormDialog.tsx';
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
  return (
    <FormDialog
      title={accessKey === undefined ? texts.create : texts.changeTitle}
      save={save}
      onClose={onClose}
    >
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
        hint={texts.neverHint}
        type="datetime-local"
        value={expiry}
        onChange={setExpiry}
      />
    </FormDialog>
  );
}

/** As the browser's field for local times has it. */
function localTime(utcMs: string): string {
  if (utcMs === '') return '';
  const date = new Date(Number(utcMs));
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length);
}
