import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

import { compressAssets } from './build/compress-assets.ts';
import { copyCatalogue } from './build/copy-catalogue.ts';

/** One page under `/console/`, as files that the server sends as they are. */
export default defineConfig({
  base: '/console/',
  plugins: [react(), compressAssets(), copyCatalogue()],
  resolve: { conditions: ['@likeness/source', 'module', 'browser', 'import'] },
  build: {
    target: 'es2023',
    // Everything is a file of its own: the page's policy allows no inline data.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
