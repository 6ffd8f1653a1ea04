import type { ReactNode } from 'react';

import { useFormats } from '../messages/formats.ts';
import { useMessages } from '../messages/messages.ts';
import { Select } from '../ui/Select.tsx';
import type { Collection } from './collections.ts';
import { collectionMessages } from './messages.ts';

export interface CollectionSelectProps {
  readonly collections: readonly Collection[];
  /** Scope of the chosen one; empty for all of them. */
  readonly value: string;
  readonly onChange: (scope: string) => void;
  /** What stands for all of them, where they may be chosen together. */
  readonly every?: string;
}

/** Select needs a value for everything. */
const EVERY = '*';

/** Which collection a screen is about. */
export function CollectionSelect(props: CollectionSelectProps): ReactNode {
  const { collections, value, onChange, every } = props;
  const texts = useMessages(collectionMessages);
  const { count } = useFormats();
  return (
    <Select
      label={texts.collection}
      isLabelHidden
      value={value === '' ? EVERY : value}
      onChange={(scope) => onChange(scope === EVERY ? '' : scope)}
      options={[
        ...(every === undefined ? [] : [{ value: EVERY, text: every }]),
        ...collections.map(({ scope, kind, name, images }) => {
          const text = `${name} (${count(images)})`;
          return { value: scope, text: kind === 'library' ? texts.asLibrary(text) : text };
        }),
      ]}
    />
  );
}
