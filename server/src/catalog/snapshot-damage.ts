import type { Damage } from '../store/damage.ts';

/** A snapshot that is not what was saved. It is never used, and made anew. */
export function snapshotDamage(id: string): Damage {
  const detail = `the snapshot of collection ${id} is damaged: it is made anew from the records`;
  return { kind: 'snapshot', name: id, detail, collectionId: id, isMended: true };
}

/** A snapshot of an earlier state, as a crash leaves it. */
export function staleSnapshot(id: string): Damage {
  const detail = `the snapshot of collection ${id} is stale: it is made anew from the records`;
  return { kind: 'snapshot', name: `${id}${STALE}`, detail, collectionId: id, isMended: true };
}

/** Whether the damage is a snapshot of an earlier state: as long as a server runs, every one is. */
export function isStaleSnapshot({ kind, name }: Damage): boolean {
  return kind === 'snapshot' && name.endsWith(STALE);
}

const STALE = ': stale';
