import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';

import { referenceTo, type Collection } from '../collections/collections.ts';
import { filterProblem, filtersOf } from '../filter/filter-language.ts';
import { FilterField } from '../filter/FilterField.tsx';
import { useFormats } from '../messages/formats.ts';
import { useMessages } from '../messages/messages.ts';
import { useClient } from '../session/session.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog, DialogActions } from '../ui/Dialog.tsx';
import { Failure } from '../ui/Failure.tsx';
import { uiMessages } from '../ui/messages.ts';
import { useAction } from '../ui/use-action.ts';
import { imageMessages } from './messages.ts';
import { deletePassing } from './picture-writes.ts';

export interface DeleteByFilterProps {
  readonly collection: Collection;
  /** To begin with. */
  readonly filter: string;
  readonly trigger: ReactNode;
}

/** Deletes what passes a filter, after it was said how much that is. */
export function DeleteByFilter({ trigger, ...rest }: DeleteByFilterProps): ReactNode {
  const texts = useMessages(imageMessages);
  return (
    <Dialog title={texts.deleteByFilter} trigger={trigger}>
      {(close) => <DeleteForm {...rest} onClose={close} />}
    </Dialog>
  );
}

interface DeleteFormProps extends Omit<DeleteByFilterProps, 'trigger'> {
  readonly onClose: () => void;
}

function DeleteForm({ collection, filter: initial, onClose }: DeleteFormProps): ReactNode {
  const texts = useMessages(imageMessages);
  const common = useMessages(uiMessages);
  const { count } = useFormats();
  const client = useClient();
  const [filter, setFilter] = useState(initial);
  const matches = useQuery({
    queryKey: ['images', collection.scope, filter, 'count'],
    queryFn: async () => {
      const asked = { ...referenceTo(collection), filter, num: 1 };
      return (await client.listImages(asked)).total;
    },
    enabled: filter !== '' && filterProblem(filtersOf(collection), filter) === undefined,
    staleTime: 0,
  });
  const remove = useAction(() => deletePassing(client, collection, filter));
  const run = async (): Promise<void> => {
    if (await remove.run(undefined)) onClose();
  };
  const total = filter === '' ? undefined : matches.data;
  const said = total === undefined ? texts.counting : texts.matches(count(total));
  return (
    <>
      <FilterField
        key={filter}
        language={filtersOf(collection)}
        value={filter}
        onChange={setFilter}
      />
      <p role="status">{filter === '' ? texts.filterFirst : said}</p>
      {matches.error !== null && <Failure error={matches.error} />}
      {remove.error !== null && <Failure error={remove.error} />}
      <DialogActions>
        <Button onPress={onClose}>{common.cancel}</Button>
        <Button
          look="danger"
          isDisabled={total === undefined || total === 0}
          isPending={remove.isRunning}
          onPress={() => void run()}
        >
          {total === undefined || total === 0
            ? texts.deleteByFilter
            : texts.deleteMatches(count(total))}
        </Button>
      </DialogActions>
    </>
  );
}
