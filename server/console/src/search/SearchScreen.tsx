import type { ReactNode } from 'react';

import { useMessages } from '../messages/messages.ts';
import { CollectionSelect } from '../collections/CollectionSelect.tsx';
import { useCollections } from '../collections/collections.ts';
import { NoCollection } from '../collections/NoCollection.tsx';
import { ScreenHead } from '../ui/ScreenHead.tsx';
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
  const { data: collections } = useCollections();
  if (collections !== undefined && collections.length > 0) return <SearchOfCollections />;
  return <NoCollection title={texts.title} hint={texts.noCollectionHint} />;
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
