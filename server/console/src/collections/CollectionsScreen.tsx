import { useState, type ReactNode } from 'react';

import { useFormats } from '../messages/formats.ts';
import { useMessages } from '../messages/messages.ts';
import { useClient } from '../session/session.tsx';
import { Button } from '../ui/Button.tsx';
import { ConfirmByName } from '../ui/ConfirmByName.tsx';
import { Empty } from '../ui/Empty.tsx';
import { Failure } from '../ui/Failure.tsx';
import { useAction } from '../ui/use-action.ts';
import { Waiting } from '../ui/Waiting.tsx';
import { CollectionTable, type CollectionTask } from './CollectionTable.tsx';
import { useCollections, type Collection } from './collections.ts';
import { InstanceDialog } from './InstanceDialog.tsx';
import { collectionMessages } from './messages.ts';
import { SampleCatalogue } from './SampleCatalogue.tsx';

interface Task {
  readonly kind: CollectionTask | 'create';
  readonly collection?: Collection;
}

/** Everything that is searched, and what becomes of it. */
export function CollectionsScreen(): ReactNode {
  const texts = useMessages(collectionMessages);
  const { data: collections, error } = useCollections();
  const [task, setTask] = useState<Task>();
  const close = (): void => setTask(undefined);
  if (error !== null) return <Failure error={error} />;
  if (collections === undefined) return <Waiting />;
  return (
    <>
      <div className="screen-head">
        <h1>{texts.title}</h1>
        <Button look="primary" onPress={() => setTask({ kind: 'create' })}>
          {texts.create}
        </Button>
      </div>
      {collections.length === 0 ? (
        <Empty title={texts.none}>
          <p>{texts.noneHint}</p>
          <SampleCatalogue />
        </Empty>
      ) : (
        <CollectionTable
          collections={collections}
          onTask={(kind, collection) => setTask({ kind, collection })}
        />
      )}
      {task !== undefined && <TaskDialog task={task} onClose={close} />}
    </>
  );
}

function TaskDialog({
  task,
  onClose,
}: {
  readonly task: Task;
  readonly onClose: () => void;
}): ReactNode {
  const { kind, collection } = task;
  if (kind === 'create' || kind === 'settings') {
    return <InstanceDialog instance={collection?.instance} onClose={onClose} />;
  }
  return collection && <RemovalDialog kind={kind} collection={collection} onClose={onClose} />;
}

interface RemovalProps {
  readonly kind: 'clear' | 'delete';
  readonly collection: Collection;
  readonly onClose: () => void;
}

function RemovalDialog({ kind, collection: { name, images }, onClose }: RemovalProps): ReactNode {
  const texts = useMessages(collectionMessages);
  const { count } = useFormats();
  const client = useClient();
  const action = useAction((instanceName: string) =>
    kind === 'clear'
      ? client.clearInstance({ instanceName })
      : client.deleteInstance({ instanceName }),
  );
  const isClear = kind === 'clear';
  return (
    <ConfirmByName
      title={isClear ? texts.clearTitle : texts.deleteTitle}
      warning={(isClear ? texts.clearWarning : texts.deleteWarning)(count(images), name)}
      name={name}
      verb={isClear ? texts.clear : texts.delete}
      action={action}
      onClose={onClose}
    />
  );
}
