import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe } from '@jest/globals';

const FOLDER = fileURLToPath(
  new URL('../../../node_modules/.cache/likeness-faiss', import.meta.url),
);
const SCRIPT = fileURLToPath(new URL('../engines/build-faiss.sh', import.meta.url));
const COMPILE_LIMIT_MS = 600_000;

/** Programs started with this in `NODE_PATH` find faiss-node. */
export const FAISS_MODULES = join(FOLDER, 'node_modules');

const BINARY = join(FAISS_MODULES, 'faiss-node/build/Release/faiss-node.node');

/** Where faiss-node is looked for. */
export const FAISS_FROM = join(FOLDER, 'index.js');

/** Tests that need faiss-node: skipped where it was not compiled, which `npm run prove` tries to. */
export const describeWithFaiss = existsSync(BINARY) || isCompiled() ? describe : describe.skip;

function isCompiled(): boolean {
  if (process.env['LIKENESS_PROVE'] === undefined) return false;
  try {
    execFileSync('bash', [SCRIPT, FOLDER], { stdio: 'pipe', timeout: COMPILE_LIMIT_MS });
    return true;
  } catch (error) {
    const { stderr = '' } = error as { readonly stderr?: unknown };
    console.log(`skipped: faiss-node cannot be compiled here\n${String(stderr)}`);
    return false;
  }
}
