import type { ReactNode } from 'react';

export function ServerScreen(): ReactNode {
  return <h1>Server</h1>;
}
