/** `node --import` this to run a TypeScript program from its sources; Node 20 does not by itself. */
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

import { transform } from 'esbuild';

// Node runs the hooks below on a thread of their own, from this same file.
if (isMainThread) register(import.meta.url);

export async function load(url, context, next) {
  if (!url.endsWith('.ts')) return next(url, context);
  const source = await readFile(new URL(url), 'utf8');
  const { code } = await transform(source, { loader: 'ts', format: 'esm', sourcemap: 'inline' });
  return { format: 'module', source: code, shortCircuit: true };
}
