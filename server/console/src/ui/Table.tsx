import type { ReactNode } from 'react';

import './table.css';

export interface Column {
  readonly name: string;
  /** Numbers stand under each other, at the end of their column. */
  readonly isNumber?: boolean;
}

export interface TableProps {
  readonly columns: readonly Column[];
  /** What is done with a row: the last column stays in sight when the others are scrolled. */
  readonly hasActions?: boolean;
  /** Its rows. */
  readonly children: ReactNode;
}

export function Table({ columns, hasActions = false, children }: TableProps): ReactNode {
  return (
    <div className="table-frame">
      <table className={hasActions ? 'table table-acting' : 'table'}>
        <thead>
          <tr>
            {columns.map(({ name, isNumber = false }) => (
              <th key={name} scope="col" className={isNumber ? 'table-number' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
