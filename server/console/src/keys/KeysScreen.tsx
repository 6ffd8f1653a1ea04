import type { ReactNode } from 'react';

export function KeysScreen(): ReactNode {
  return <h1>Keys</h1>;
}
