import { ApiError, type AccessKeyInfo, type CreatedAccessKey } from '@likeness/sdk';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';

import { useMessages } from '../messages/messages.ts';
import { useClient } from '../session/session.tsx';
import { Button } from '../ui/Button.tsx';
import { ConfirmByName } from '../ui/ConfirmByName.tsx';
import { Empty } from '../ui/Empty.tsx';
import { Failure } from '../ui/Failure.tsx';
import { ScreenHead } from '../ui/ScreenHead.tsx';
import { useAction } from '../ui/use-action.ts';
import { Waiting } from '../ui/Waiting.tsx';
import { KeyDialog } from './KeyDialog.tsx';
import { KeyTable } from './KeyTable.tsx';
import { keyMessages } from './messages.ts';
import { NewSecret } from './NewSecret.tsx';

type Task =
  | { readonly kind: 'create' }
  | { readonly kind: 'change' | 'delete'; readonly key: AccessKeyInfo }
  | { readonly kind: 'made'; readonly made: CreatedAccessKey };

/** Who may ask what of the server. */
export function KeysScreen(): ReactNode {
  const texts = useMessages(keyMessages);
  const client = useClient();
  const [task, setTask] = useState<Task>();
  const keys = useQuery({
    queryKey: ['keys'],
    queryFn: async () => (await client.listAccessKeys()).accessKeys,
  });
  const isDenied = ApiError.is(keys.error) && keys.error.code === 'NoPermission';
  if (keys.data === undefined) {
    return (
      <>
        <ScreenHead title={texts.title} />
        {isDenied && <Empty title={texts.rootOnly} />}
        {!isDenied && (keys.error === null ? <Waiting /> : <Failure error={keys.error} />)}
      </>
    );
  }
  return (
    <>
      <ScreenHead title={texts.title}>
        <Button look="primary" onPress={() => setTask({ kind: 'create' })}>
          {texts.create}
        </Button>
      </ScreenHead>
      {keys.error !== null && <Failure error={keys.error} />}
      {keys.data.length === 0 ? (
        <Empty title={texts.none}>
          <p>{texts.noneHint}</p>
        </Empty>
      ) : (
        <KeyTable keys={keys.data} onTask={(kind, key) => setTask({ kind, key })} />
      )}
      {task !== undefined && <TaskDialog task={task} onTask={setTask} />}
    </>
  );
}

interface TaskDialogProps {
  readonly task: Task;
  readonly onTask: (task: Task | undefined) => void;
}

function TaskDialog({ task, onTask }: TaskDialogProps): ReactNode {
  const close = (): void => onTask(undefined);
  switch (task.kind) {
    case 'create':
      return <KeyDialog onMade={(made) => onTask({ kind: 'made', made })} onClose={close} />;
    case 'change':
      return <KeyDialog accessKey={task.key} onClose={close} />;
    case 'made':
      return <NewSecret made={task.made} onClose={close} />;
    case 'delete':
      return <DeleteDialog accessKey={task.key} onClose={close} />;
  }
}

interface DeleteDialogProps {
  readonly accessKey: AccessKeyInfo;
  readonly onClose: () => void;
}

function DeleteDialog({ accessKey, onClose }: DeleteDialogProps): ReactNode {
  const texts = useMessages(keyMessages);
  const client = useClient();
  const remove = useAction((userAccessKeyId: string) =>
    client.deleteAccessKey({ userAccessKeyId }),
  );
  const { accessKeyId, name } = accessKey;
  return (
    <ConfirmByName
      title={texts.deleteTitle}
      warning={texts.deleteWarning(name === '' ? accessKeyId : name)}
      name={accessKeyId}
      verb={texts.delete}
      action={remove}
      onClose={onClose}
    />
  );
}
