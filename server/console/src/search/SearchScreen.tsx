import type { ReactNode } from 'react';

export function SearchScreen(): ReactNode {
  return <h1>Search</h1>;
}
