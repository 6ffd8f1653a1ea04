import type { ReactNode } from 'react';

import { useMessages } from '../messages/messages.ts';
import { Empty } from '../ui/Empty.tsx';
import { filterMessages } from './messages.ts';

/** In place of what a filter would let through, were it one: nothing is asked of the server. */
export function UnreadableFilter(): ReactNode {
  const texts = useMessages(filterMessages);
  return (
    <Empty title={texts.unreadable}>
      <p>{texts.unreadableHint}</p>
    </Empty>
  );
}
