import { LIMITS } from '@likeness/shared/api';

import type { Action } from './action.ts';
import { written } from './responses.ts';

/** Tells what runs: version, model pack, workers, limits, disk, damage. */
export const getServerInfo: Action = async (_call, { catalog, program }) => {
  const { vision, damage, isWritable, freeBytes } = await catalog.health();
  const { name, version, fingerprint, dims, predictsCategories, languages } = catalog.pack;
  const pack = { Name: name, Version: version, Fingerprint: fingerprint, Dims: dims };
  return {
    ...written(),
    Server: {
      Version: program.version,
      Node: program.node,
      Platform: program.platform,
      UtcStart: String(program.startedMs),
      Packs: [{ ...pack, PredictsCategories: predictsCategories, Languages: languages }],
      Workers: {
        Ready: vision.workers.ready,
        Busy: vision.workers.busy,
        Restarts: vision.workers.restarts,
        Waiting: sum(vision.waiting),
        Refused: sum(vision.refused),
      },
      Limits: formatLimits(),
      Disk: { IsWritable: isWritable, FreeBytes: freeBytes ?? -1 },
      Damage: damage.map(({ kind, detail }) => ({ Kind: kind, Detail: detail })),
    },
  };
};

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** `MAX_PICTURE_BYTES` → `MaxPictureBytes`. */
function formatLimits(): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(LIMITS).map(([name, value]) => [
      name.toLowerCase().replaceAll(/(?:^|_)(\w)/gu, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}
