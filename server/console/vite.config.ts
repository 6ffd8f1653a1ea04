import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

import { compressAssets } from './build/compress-assets.ts';
import { copyCatalogue } from './build/copy-catalogue.ts';

/** Where `likeness serve` listens unless it is told otherwise. */
const SERVER = 'http://127.0.0.1:8000';

/** What a server in development does not serve itself: the APIs, pictures, and the sample catalogue that a build copies. */
const OF_THE_SERVER = '^/(?!console/(?!catalogue/))';

/** One page under `/console/`, as files that the server sends as they are. */
export default defineConfig({
  base: '/console/',
  plugins: [react(), compressAssets(), copyCatalogue()],
  resolve: { conditions: ['@likeness/source', 'module', 'browser', 'import'] },
  // The Host of a request stays the page's own: it is signed for that.
  server: { proxy: { [OF_THE_SERVER]: { target: SERVER, changeOrigin: false } } },
  build: {
    target: 'es2023',
    // Everything is a file of its own: the page's policy allows no inline data.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
