import type { AccessKeyInfo } from '@likeness/sdk';
import type { ReactNode } from 'react';

import { useFormats } from '../messages/formats.ts';
import { useMessages } from '../messages/messages.ts';
import { useClient } from '../session/session.tsx';
import { Button } from '../ui/Button.tsx';
import { Failure } from '../ui/Failure.tsx';
import { useAction } from '../ui/use-action.ts';
import { keyMessages } from './messages.ts';

export interface KeyTableProps {
  readonly keys: readonly AccessKeyInfo[];
  readonly onTask: (task: 'change' | 'delete', key: AccessKeyInfo) => void;
}

export function KeyTable({ keys, onTask }: KeyTableProps): ReactNode {
  const texts = useMessages(keyMessages);
  return (
    <div className="table-frame">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{texts.name}</th>
            <th scope="col">{texts.id}</th>
            <th scope="col">{texts.role}</th>
            <th scope="col">{texts.scopes}</th>
            <th scope="col" className="table-number">
              {texts.rate}
            </th>
            <th scope="col">{texts.status}</th>
            <th scope="col">{texts.expiry}</th>
            <th scope="col">{texts.lastUsed}</th>
            <th scope="col">{texts.actions}</th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <Row key={key.accessKeyId} accessKey={key} onTask={onTask} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps extends Pick<KeyTableProps, 'onTask'> {
  readonly accessKey: AccessKeyInfo;
}

function Row({ accessKey, onTask }: RowProps): ReactNode {
  const texts = useMessages(keyMessages);
  const formats = useFormats();
  const client = useClient();
  const { accessKeyId, name, role, scopes, rate, status, enabled } = accessKey;
  const toggle = useAction((isEnabled: boolean) =>
    client.updateAccessKey({ userAccessKeyId: accessKeyId, enabled: isEnabled }),
  );
  const time = (ms: string): string => (ms === '' ? texts.never : formats.date(Number(ms)));
  return (
    <tr>
      <th scope="row">{name === '' ? '–' : name}</th>
      <td>
        <code>{accessKeyId}</code>
      </td>
      <td>{role}</td>
      <td>{scopes.join(', ')}</td>
      <td className="table-number">{rate === 0 ? '–' : formats.count(rate)}</td>
      <td>{texts[status]}</td>
      <td>{time(accessKey.utcExpireTime)}</td>
      <td>{time(accessKey.utcLastUsed)}</td>
      <td>
        <div className="row">
          <Button isPending={toggle.isRunning} onPress={() => void toggle.run(!enabled)}>
            {enabled ? texts.disable : texts.enable}
          </Button>
          <Button onPress={() => onTask('change', accessKey)}>{texts.change}</Button>
          <Button look="danger" onPress={() => onTask('delete', accessKey)}>
            {texts.delete}
          </Button>
        </div>
        {toggle.error !== null && <Failure error={toggle.error} />}
      </td>
    </tr>
  );
}
