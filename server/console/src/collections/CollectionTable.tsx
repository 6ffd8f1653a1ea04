import type { ReactNode } from 'react';

import { hrefOf } from '../app/route.ts';
import { useFormats } from '../messages/formats.ts';
import { useMessages } from '../messages/messages.ts';
import { ActionMenu } from '../ui/ActionMenu.tsx';
import { Table } from '../ui/Table.tsx';
import { useUsageToday } from '../usage/usage-of-day.ts';
import type { Collection } from './collections.ts';
import { collectionMessages } from './messages.ts';

export const COLLECTION_TASKS = ['settings', 'clear', 'delete'] as const;
export type CollectionTask = (typeof COLLECTION_TASKS)[number];

export interface CollectionTableProps {
  readonly collections: readonly Collection[];
  readonly onTask: (task: CollectionTask, collection: Collection) => void;
}

export function CollectionTable({ collections, onTask }: CollectionTableProps): ReactNode {
  const texts = useMessages(collectionMessages);
  return (
    <Table
      hasActions
      columns={[
        { name: texts.name },
        { name: texts.either },
        { name: texts.status },
        { name: texts.pictures, isNumber: true },
        { name: texts.capacity, isNumber: true },
        { name: texts.stored, isNumber: true },
        { name: texts.requests, isNumber: true },
        { name: texts.p50, isNumber: true },
        { name: texts.p95, isNumber: true },
        { name: texts.actions },
      ]}
    >
      {collections.map((collection) => (
        <Row key={collection.scope} collection={collection} onTask={onTask} />
      ))}
    </Table>
  );
}

interface RowProps extends Pick<CollectionTableProps, 'onTask'> {
  readonly collection: Collection;
}

function Row({ collection, onTask }: RowProps): ReactNode {
  const texts = useMessages(collectionMessages);
  const formats = useFormats();
  const { name, scope, status, images, capacity, storedBytes } = collection;
  const today = useUsageToday().data?.get(scope);
  const milliseconds = (value: number | undefined): string =>
    value === undefined ? '–' : formats.milliseconds(value);
  return (
    <tr>
      <th scope="row">
        <a href={hrefOf('search', { collection: scope })}>{name}</a>
      </th>
      <td>{kindText(collection, texts)}</td>
      <td>{statusText(status, texts)}</td>
      <td className="table-number">
        <a href={hrefOf('images', { collection: scope })}>{formats.count(images)}</a>
      </td>
      <td className="table-number">{formats.count(capacity)}</td>
      <td className="table-number">{formats.bytes(storedBytes)}</td>
      <td className="table-number">{formats.count(today?.calls ?? 0)}</td>
      <td className="table-number">{milliseconds(today?.p50Ms)}</td>
      <td className="table-number">{milliseconds(today?.p95Ms)}</td>
      <td>
        <ActionMenu
          label={texts.actionsOf(name)}
          actions={COLLECTION_TASKS.map((id) => ({ id, text: texts[id] }))}
          onAction={(task) => onTask(task, collection)}
        />
      </td>
    </tr>
  );
}

function kindText(
  collection: Collection,
  texts: { readonly asLibrary: (mode: string) => string },
): string {
  return collection.kind === 'instance'
    ? collection.instance.serviceTypeName
    : texts.asLibrary(collection.library.mode);
}

function statusText(
  status: string,
  texts: Readonly<Record<'ready' | 'clearing' | 'embedding', string>>,
): string {
  return status === 'ready' || status === 'clearing' || status === 'embedding'
    ? texts[status]
    : status;
}
