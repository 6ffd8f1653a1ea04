import type { ReactNode } from 'react';

import { useMessages } from '../messages/messages.ts';
import { Button } from '../ui/Button.tsx';
import { Thumbnail } from '../ui/Thumbnail.tsx';
import { categoryName, type HitsProps } from './HitGrid.tsx';
import { searchMessages } from './messages.ts';
import { Score } from './Score.tsx';

/** Hits as lines of a table, best first. */
export function HitList({ hits, onSearch }: HitsProps): ReactNode {
  const texts = useMessages(searchMessages);
  return (
    <div className="table-frame">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{texts.picture}</th>
            <th scope="col">{texts.score}</th>
            <th scope="col">{texts.productId}</th>
            <th scope="col">{texts.picName}</th>
            <th scope="col">{texts.category}</th>
            <th scope="col">{texts.attributes}</th>
            <th scope="col">{texts.search}</th>
          </tr>
        </thead>
        <tbody>
          {hits.map((hit) => (
            <tr key={`${hit.productId}\n${hit.picName}`}>
              <td className="table-picture">
                <Thumbnail path={hit.thumbnailUrl} alt="" />
              </td>
              <td>
                <Score hit={hit} />
              </td>
              <th scope="row">{hit.productId}</th>
              <td>{hit.picName}</td>
              <td>{categoryName(hit.categoryId)}</td>
              <td>{hit.carried.map(({ name, value }) => `${name} ${value}`).join(', ')}</td>
              <td>
                <Button look="quiet" onPress={() => onSearch(hit)}>
                  {texts.searchThis}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
