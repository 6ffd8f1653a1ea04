import { readFileSync } from 'node:fs';

import { builtScript } from '../../built-script.ts';
import { webAssembly, type KernelModule, type SharedMemory } from './web-assembly.ts';

/** The functions of kernel.wat on one memory. All addresses are byte offsets. */
export interface Kernel {
  dots(
    plane: number,
    stride: number,
    list: number,
    count: number,
    query: number,
    out: number,
  ): void;
  dotsOfRun(
    from: number,
    stride: number,
    count: number,
    end: number,
    query: number,
    out: number,
  ): number;
  touch(plane: number, stride: number, list: number, count: number): number;
  gather(dots: number, list: number, first: number, count: number): void;
  select(
    list: number,
    count: number,
    dots: number,
    norms: number,
    slacks: number,
    factor: number,
    least: number,
    kept: number,
  ): number;
  selectRun(
    count: number,
    dots: number,
    norms: number,
    slacks: number,
    factor: number,
    least: number,
    kept: number,
  ): number;
  list(words: number, count: number, first: number, list: number): number;
  between(
    tags: number,
    words: number,
    rows: number,
    tag: number,
    low: number,
    high: number,
    out: number,
  ): void;
  read(from: number, bytes: number): number;
}

/** Loads the compiled kernel; `npm run build` puts it beside this file's output. */
export function loadKernel(): KernelModule {
  return new webAssembly.Module(readFileSync(builtScript('./kernel.wasm', import.meta.url)));
}

/** The kernel's functions on a memory. */
export function bindKernel(module: KernelModule, memory: SharedMemory): Kernel {
  const { exports } = new webAssembly.Instance(module, { arena: { memory } });
  return exports as Kernel;
}
