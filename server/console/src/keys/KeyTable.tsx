import type { AccessKeyInfo } from '@likeness/sdk';
import type { ReactNode } from 'react';

import { useFormats } from '../messages/formats.ts';
import { useMessages } from '../messages/messages.ts';
import { useClient } from '../session/session.tsx';
import { ActionMenu } from '../ui/ActionMenu.tsx';
import { Failure } from '../ui/Failure.tsx';
import { Table } from '../ui/Table.tsx';
import { useAction } from '../ui/use-action.ts';
import './keys.css';
import { keyMessages } from './messages.ts';

export interface KeyTableProps {
  readonly keys: readonly AccessKeyInfo[];
  readonly onTask: (task: 'change' | 'delete', key: AccessKeyInfo) => void;
}

export function KeyTable({ keys, onTask }: KeyTableProps): ReactNode {
  const texts = useMessages(keyMessages);
  return (
    <Table
      hasActions
      columns={[
        { name: texts.name },
        { name: texts.id },
        { name: texts.role },
        { name: texts.scopes },
        { name: texts.rate, isNumber: true },
        { name: texts.status },
        { name: texts.expiry },
        { name: texts.lastUsed },
        { name: texts.actions },
      ]}
    >
      {keys.map((key) => (
        <Row key={key.accessKeyId} accessKey={key} onTask={onTask} />
      ))}
    </Table>
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
  const turn = enabled ? 'disable' : 'enable';
  const act = (task: typeof turn | 'change' | 'delete'): void => {
    if (task === 'change' || task === 'delete') onTask(task, accessKey);
    else void toggle.run(!enabled);
  };
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
      <td>
        <span className={`chip key-${status}`}>{texts[status]}</span>
      </td>
      <td className="table-time">{time(accessKey.utcExpireTime)}</td>
      <td className="table-time">{time(accessKey.utcLastUsed)}</td>
      <td>
        <ActionMenu
          label={texts.actionsOf(name === '' ? accessKeyId : name)}
          actions={([turn, 'change', 'delete'] as const).map((id) => ({ id, text: texts[id] }))}
          onAction={act}
        />
        {toggle.error !== null && <Failure error={toggle.error} />}
      </td>
    </tr>
  );
}
