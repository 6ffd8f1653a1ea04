import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Plugin } from 'vite';

const CATALOGUE = fileURLToPath(new URL('../../../examples/catalogue/', import.meta.url));

/** Puts the sample catalogue beside the page, so that whoever has no pictures can search at once. */
export function copyCatalogue(): Plugin {
  return {
    name: 'copy-catalogue',
    apply: 'build',
    async writeBundle({ dir }) {
      const folder = join(dir ?? 'dist', 'catalogue');
      await cp(join(CATALOGUE, 'manifest.json'), join(folder, 'manifest.json'));
      await cp(join(CATALOGUE, 'pictures'), join(folder, 'pictures'), { recursive: true });
    },
  };
}
