import type { ReactNode } from 'react';

import { useMessages } from '../messages/messages.ts';
import { Button } from '../ui/Button.tsx';
import { Table } from '../ui/Table.tsx';
import { Thumbnail } from '../ui/Thumbnail.tsx';
import { CarriedChips } from './CarriedChips.tsx';
import { Category } from './Category.tsx';
import type { HitsProps } from './HitGrid.tsx';
import { searchMessages } from './messages.ts';
import { Score } from './Score.tsx';

/** Hits as lines of a table, best first. */
export function HitList({ hits, onSearch }: HitsProps): ReactNode {
  const texts = useMessages(searchMessages);
  const hasCategories = hits.some(({ categoryId }) => categoryId !== undefined);
  return (
    <Table
      columns={[
        { name: texts.picture },
        { name: texts.score },
        { name: texts.product },
        ...(hasCategories ? [{ name: texts.category }] : []),
        { name: texts.attributes },
        { name: texts.search },
      ]}
    >
      {hits.map((hit) => (
        <tr key={`${hit.productId}\n${hit.picName}`}>
          <td className="table-picture">
            <Thumbnail path={hit.thumbnailUrl} alt="" />
          </td>
          <td>
            <Score hit={hit} />
          </td>
          <th scope="row" className="hit-names">
            {hit.productId}
            <span className="hit-name">{hit.picName}</span>
          </th>
          {hasCategories && (
            <td>
              <Category id={hit.categoryId} />
            </td>
          )}
          <td className="hit-carried">
            <CarriedChips carried={hit.carried} hasAllNames />
          </td>
          <td>
            <Button look="quiet" onPress={() => onSearch(hit)}>
              {texts.searchThis}
            </Button>
          </td>
        </tr>
      ))}
    </Table>
  );
}
