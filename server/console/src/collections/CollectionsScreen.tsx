import type { ReactNode } from 'react';

export function CollectionsScreen(): ReactNode {
  return <h1>Collections</h1>;
}
