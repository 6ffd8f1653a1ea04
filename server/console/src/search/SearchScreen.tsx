import type { ReactNode } from 'react';

import { hrefOf } from '../app/route.ts';
import { useMessages } from '../messages/messages.ts';
import { Empty } from '../ui/Empty.tsx';
import { CollectionSelect } from '../collections/CollectionSelect.tsx';
import { useCollections } from '../collections/collections.ts';
import { Failure } from '../ui/Failure.tsx';
import { ScreenHead } from '../ui/ScreenHead.tsx';
import { Waiting } from '../ui/Waiting.tsx';
import { searchMessages } from './messages.ts';
import { QueryPanel } from './QueryPanel.tsx';
import { RankingPanel } from './RankingPanel.tsx';
import { RequestPanel } from './RequestPanel.tsx';
import { Results } from './Results.tsx';
import { useSearch } from './use-search.ts';
import './search.css';

/** The heart of the console: what is looked for on one side, what was found on the other. */
export function SearchScreen(): ReactNode {
  const texts = useMessages(searchMessages);
  const { data: collections, error } = useCollections();
  if (collections !== undefined && collections.length > 0) return <SearchOfCollections />;
  return (
    <>
      <ScreenHead title={texts.title} />
      {error !== null && <Failure error={error} />}
      {error === null && collections === undefined && <Waiting />}
      {collections !== undefined && (
        <Empty title={texts.noCollection}>
          <p>{texts.noCollectionHint}</p>
          <a href={hrefOf('collections')}>{texts.toCollections}</a>
        </Empty>
      )}
    </>
  );
}

function SearchOfCollections(): ReactNode {
  const texts = useMessages(searchMessages);
  const search = useSearch();
  const { collections, collection, change } = search;
  return (
    <>
      <ScreenHead title={texts.title}>
        <CollectionSelect
          collections={collections}
          value={collection?.scope ?? ''}
          onChange={(scope) => change({ collection: scope, category: '', filter: '' })}
        />
      </ScreenHead>
      <div className="search">
        <div className="search-query">
          <QueryPanel search={search} />
          <RankingPanel search={search} />
        </div>
        <div className="search-results">
          <Results search={search} />
          <RequestPanel search={search} />
        </div>
      </div>
    </>
  );
}
