import { CATEGORIES, OTHER_CATEGORY } from '@likeness/shared/api';
import type { ReactNode } from 'react';

import { useFormats } from '../messages/formats.ts';
import { useMessages } from '../messages/messages.ts';
import { Button } from '../ui/Button.tsx';
import { Thumbnail } from '../ui/Thumbnail.tsx';
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
  const { count } = useFormats();
  return (
    <article className="hit">
      <Thumbnail path={hit.thumbnailUrl} alt={`${hit.productId}, ${hit.picName}`} />
      <div className="hit-body">
        <div className="hit-head">
          <Score hit={hit} />
          <span className="hit-category">{categoryName(hit.categoryId)}</span>
        </div>
        <p className="hit-product">{hit.productId}</p>
        <p className="hit-name">{hit.picName}</p>
        {hit.carried.length > 0 && (
          <ul className="chips" aria-label={texts.attributes}>
            {hit.carried.map(({ name, value, isTelling }) => (
              <li key={name} className="chip" title={name}>
                {isTelling && <span className="chip-name">{name} </span>}
                {typeof value === 'number' ? count(value) : value}
              </li>
            ))}
          </ul>
        )}
        <Button look="quiet" onPress={() => onSearch(hit)}>
          {texts.searchThis}
        </Button>
      </div>
    </article>
  );
}

/** Nothing for collections that have no categories. */
export function categoryName(id: number | undefined): string {
  return id === undefined || id === OTHER_CATEGORY
    ? ''
    : (CATEGORIES.find((one) => one.id === id)?.name ?? String(id));
}
