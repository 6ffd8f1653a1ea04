import type { ReactNode } from 'react';

import { hrefOf } from '../app/route.ts';
import { useMessages } from '../messages/messages.ts';
import { Empty } from '../ui/Empty.tsx';
import { Failure } from '../ui/Failure.tsx';
import { ScreenHead } from '../ui/ScreenHead.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { collectionMessages } from './messages.ts';
import { useCollections } from './collections.ts';

/** A screen that has no collection to show: they are not known yet, could not be had, or there is none. */
export function NoCollection({
  title,
  hint,
}: {
  readonly title: string;
  /** What a collection would be good for here. */
  readonly hint: string;
}): ReactNode {
  const texts = useMessages(collectionMessages);
  const { data: collections, error } = useCollections();
  return (
    <>
      <ScreenHead title={title} />
      {error !== null && <Failure error={error} />}
      {error === null && collections === undefined && <Waiting />}
      {collections !== undefined && (
        <Empty title={texts.noCollection}>
          <p>{hint}</p>
          <a href={hrefOf('collections')}>{texts.toCollections}</a>
        </Empty>
      )}
    </>
  );
}
