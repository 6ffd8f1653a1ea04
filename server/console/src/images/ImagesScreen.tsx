import type { ReactNode } from 'react';

export function ImagesScreen(): ReactNode {
  return <h1>Images</h1>;
}
