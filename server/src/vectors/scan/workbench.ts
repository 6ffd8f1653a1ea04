import { bindKernel, type Kernel } from '../kernel/kernel.ts';
import type { KernelModule, SharedMemory } from '../kernel/web-assembly.ts';
import { ArenaViews } from '../memory/arena-views.ts';

import { SCRATCH_BYTES } from './scratch.ts';

/** What a thread looks at rows with. */
export interface Workbench {
  readonly views: ArenaViews;
  /** The kernel on memory number `arena`. */
  readonly kernel: (arena: number) => Kernel;
  /** Where its scratch begins in every memory. */
  readonly scratch: number;
}

/** @param place number of the thread: each has a scratch of its own */
export function createWorkbench(
  module: KernelModule,
  memories: readonly SharedMemory[],
  place: number,
): Workbench {
  const kernels: Kernel[] = [];
  const kernel = (arena: number): Kernel => {
    const memory = memories[arena];
    if (memory === undefined) throw new RangeError('no such memory');
    return (kernels[arena] ??= bindKernel(module, memory));
  };
  return { views: new ArenaViews(memories), kernel, scratch: place * SCRATCH_BYTES };
}
