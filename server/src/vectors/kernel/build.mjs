/**
 * Compiles kernel.wat into server/dist, where the scan workers load it. Part of `npm run build`.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';

import createWabt from 'wabt';

const source = new URL('kernel.wat', import.meta.url);
const target = new URL('../../../dist/vectors/kernel/kernel.wasm', import.meta.url);

const wabt = await createWabt();
const text = await readFile(source, 'utf8');
const parsed = wabt.parseWat('kernel.wat', text, { simd: true, threads: true });
const { buffer } = parsed.toBinary({});
// wabt's own validation knows no shared memories; the engine that runs the code does.
if (!WebAssembly.validate(buffer)) throw new Error('kernel.wat is not valid');
await mkdir(new URL('.', target), { recursive: true });
await writeFile(target, buffer);
