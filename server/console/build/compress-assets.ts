import { brotliCompressSync, constants } from 'node:zlib';

import type { Plugin, Rollup } from 'vite';

type Bundle = Rollup.OutputBundle;

const COMPRESSED = /\.(?:js|css)$/u;

/** Most that the Search screen may load as JavaScript, compressed. */
const MAX_SEARCH_BYTES = 300 * 1024;

/** Writes a `.br` beside each script and style, and fails a build whose Search screen grew too large. */
export function compressAssets(): Plugin {
  return {
    name: 'compress-assets',
    apply: 'build',
    generateBundle: {
      // After the bundler's own last changes: what is compressed is what is sent.
      order: 'post',
      handler(_options, bundle) {
        const compressed = compressAll(bundle);
        for (const [fileName, source] of compressed) {
          this.emitFile({ type: 'asset', fileName: `${fileName}.br`, source });
        }
        const loaded = scriptsOfSearch(bundle).map((name) => compressed.get(name)?.length ?? 0);
        const bytes = loaded.reduce((sum, length) => sum + length, 0);
        const said = `the Search screen loads ${bytes} bytes of JavaScript`;
        if (bytes > MAX_SEARCH_BYTES) this.error(`${said}, more than ${MAX_SEARCH_BYTES}`);
        this.info(said);
      },
    },
  };
}

function compressAll(bundle: Bundle): ReadonlyMap<string, Uint8Array> {
  const compressed = new Map<string, Uint8Array>();
  for (const [fileName, output] of Object.entries(bundle)) {
    if (!COMPRESSED.test(fileName)) continue;
    compressed.set(fileName, compress(output.type === 'chunk' ? output.code : output.source));
  }
  return compressed;
}

/** The entry, the screen's own script, and all that either imports at once. */
function scriptsOfSearch(bundle: Bundle): readonly string[] {
  const reached = new Set<string>();
  const follow = (fileName: string): void => {
    const output = bundle[fileName];
    if (reached.has(fileName) || output?.type !== 'chunk') return;
    reached.add(fileName);
    output.imports.forEach(follow);
  };
  for (const output of Object.values(bundle)) {
    if (output.type !== 'chunk') continue;
    if (output.isEntry || output.name === 'SearchScreen') follow(output.fileName);
  }
  return [...reached];
}

function compress(source: string | Uint8Array): Uint8Array {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  return brotliCompressSync(source, { params });
}
