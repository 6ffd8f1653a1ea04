import type { ReactNode } from 'react';

export function UsageScreen(): ReactNode {
  return <h1>Usage</h1>;
}
