import { OTHER_CATEGORY } from '@likeness/shared/api';
import type { ReactNode } from 'react';

import { useCategoryName } from '../messages/categories.ts';

/** A picture's category; nothing for what has none. */
export function Category({ id }: { readonly id: number | undefined }): ReactNode {
  const nameOf = useCategoryName();
  return id === undefined || id === OTHER_CATEGORY ? null : nameOf(id);
}
