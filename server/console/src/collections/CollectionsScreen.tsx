import { useState, type ReactNode } from 'react';

import { useFormats } from '../messages/formats.ts';
import { useMessages } from '../messages/messages.ts';
import { useClient } from '../session/session.tsx';
import { Button } from '../ui/Button.tsx';
import { ConfirmByName } from '../ui/ConfirmByName.tsx';
import { Empty } from '../ui/Empty.tsx';
import { Failure } from '../ui/Failure.tsx';
import { ScreenHead } from '../ui/ScreenHead.tsx';
import { useAction } from '../ui/use-action.ts';
import { Waiting } from '../ui/Waiting.tsx';
import { CollectionTable, type CollectionTask } from './CollectionTable.tsx';
import { useCollections, type Collection } from './collections.ts';
import { clearCollection, deleteCollection } from './removal.ts';
import { InstanceDialog } from './InstanceDialog.tsx';
import { LibraryDialog } from './LibraryDialog.tsx';
import { collectionMessages } from './messages.ts';
import { SampleCatalogue } from './SampleCatalogue.tsx';

type Task =
  | { readonly kind: 'instance' | 'library' }
  | { readonly kind: CollectionTask; readonly collection: Collection };

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
      <ScreenHead title={texts.title}>
        <div className="row">
          <Button onPress={() => setTask({ kind: 'library' })}>{texts.createLibrary}</Button>
          <Button look="primary" onPress={() => setTask({ kind: 'instance' })}>
            {texts.create}
          </Button>
        </div>
      </ScreenHead>
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

interface TaskDialogProps {
  readonly task: Task;
  readonly onClose: () => void;
}

function TaskDialog({ task, onClose }: TaskDialogProps): ReactNode {
  switch (task.kind) {
    case 'instance':
      return <InstanceDialog onClose={onClose} />;
    case 'library':
      return <LibraryDialog onClose={onClose} />;
    case 'settings': {
      const { collection } = task;
      return collection.kind === 'instance' ? (
        <InstanceDialog instance={collection.instance} onClose={onClose} />
      ) : (
        <LibraryDialog library={collection.library} onClose={onClose} />
      );
    }
    case 'clear':
    case 'delete':
      return <RemovalDialog kind={task.kind} collection={task.collection} onClose={onClose} />;
  }
}

interface RemovalProps {
  readonly kind: 'clear' | 'delete';
  readonly collection: Collection;
  readonly onClose: () => void;
}

function RemovalDialog({ kind, collection, onClose }: RemovalProps): ReactNode {
  const texts = useMessages(collectionMessages);
  const { count } = useFormats();
  const client = useClient();
  const { name, images } = collection;
  const action = useAction(() =>
    (kind === 'clear' ? clearCollection : deleteCollection)(client, collection),
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
