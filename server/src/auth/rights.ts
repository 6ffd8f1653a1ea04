import type { NeededRole, Scope, ScopedFacade } from '@likeness/shared/api';

/** What whoever signed may do. */
export interface Rights {
  readonly role: NeededRole;
  /** Collections it may touch; the root key touches all. */
  readonly scopes: readonly Scope[];
}

/** A collection, existing or not. */
export interface CollectionName {
  readonly facade: ScopedFacade;
  readonly name: string;
}

/** What is asked for. */
export interface Asked {
  /** The least role that may. */
  readonly role: NeededRole;
  /**
   * What it names; empty where it is about none, or about all that the caller may see; `every` where it
   * tells of all, whoever asks.
   */
  readonly collections: readonly CollectionName[] | 'every';
  /** Makes the collection that it names, so that its absence is no answer. */
  readonly creates: boolean;
}

/** `denied`: say so; `absent`: answer as if there were no such collection, whether there is one or not. */
export type Decision = 'allowed' | 'denied' | 'absent';

/** The operator's own key: nothing is kept from it. */
export const ROOT_RIGHTS: Rights = { role: 'root', scopes: [] };

/** Each role may do what those before it may. */
const RANKS: Readonly<Record<NeededRole, number>> = { read: 0, write: 1, admin: 2, root: 3 };

/** Whether `rights` suffice for what is asked: the one place that knows, for every API. */
export function decide(rights: Rights, asked: Asked): Decision {
  if (RANKS[rights.role] < RANKS[asked.role]) return 'denied';
  if (asked.collections === 'every') return seesEvery(rights) ? 'allowed' : 'denied';
  if (asked.collections.every((collection) => maySee(rights, collection))) return 'allowed';
  return asked.creates ? 'denied' : 'absent';
}

/** Whether a collection is there at all for the caller: what lists show. */
export function maySee(rights: Rights, { facade, name }: CollectionName): boolean {
  if (rights.role === 'root') return true;
  return rights.scopes.some(
    (scope) =>
      scope.facade === facade &&
      (scope.isPrefix ? name.startsWith(scope.name) : name === scope.name),
  );
}

function seesEvery({ role, scopes }: Rights): boolean {
  if (role === 'root') return true;
  const isOpen = (facade: ScopedFacade): boolean =>
    scopes.some((scope) => scope.facade === facade && scope.isPrefix && scope.name === '');
  return isOpen('instance') && isOpen('library');
}
