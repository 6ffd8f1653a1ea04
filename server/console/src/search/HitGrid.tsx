import type { ReactNode } from 'react';

import { useMessages } from '../messages/messages.ts';
import { Button } from '../ui/Button.tsx';
import { Thumbnail } from '../ui/Thumbnail.tsx';
import { CarriedChips } from './CarriedChips.tsx';
import { Category } from './Category.tsx';
import { searchMessages } from './messages.ts';
import { Score } from './Score.tsx';
import type { Hit } from './search-answer.ts';

export interface HitsProps {
  readonly hits: readonly Hit[];
  readonly onSearch: (hit: Hit) => void;
}

/** Hits as pictures, best first. */
export function HitGrid({ hits, onSearch }: HitsProps): ReactNode {
  return (
    <ol className="hits">
      {hits.map((hit) => (
        <li key={`${hit.productId}\n${hit.picName}`}>
          <HitCard hit={hit} onSearch={onSearch} />
        </li>
      ))}
    </ol>
  );
}

function HitCard({
  hit,
  onSearch,
}: { readonly hit: Hit } & Pick<HitsProps, 'onSearch'>): ReactNode {
  const texts = useMessages(searchMessages);
  return (
    <article className="hit">
      <Thumbnail path={hit.thumbnailUrl} alt={`${hit.productId}, ${hit.picName}`} />
      <div className="hit-body">
        <div className="hit-head">
          <Score hit={hit} />
          <span className="hit-category">
            <Category id={hit.categoryId} />
          </span>
        </div>
        <p className="hit-product">{hit.productId}</p>
        <p className="hit-name">{hit.picName}</p>
        <CarriedChips carried={hit.carried} />
        <Button look="quiet" onPress={() => onSearch(hit)}>
          {texts.searchThis}
        </Button>
      </div>
    </article>
  );
}
