/** What an access key may do: each role all that those before it may. */
export const ROLES = ['read', 'write', 'admin'] as const;

export type Role = (typeof ROLES)[number];

/** What an action asks for: a role, or `root`, the operator's own key. */
export type NeededRole = Role | 'root';

/** The two name spaces of collections. */
export type ScopedFacade = 'instance' | 'library';

/** Collections that a key may touch: one by its name, or all whose names begin with something. */
export interface Scope {
  readonly facade: ScopedFacade;
  /** Names exactly, or begins with; empty begins every name. */
  readonly name: string;
  readonly isPrefix: boolean;
}

/** A name as collections have it, at most as long as the longest of either façade. */
const SCOPE = /^(instance|library):([\w-]{0,64})(\*?)$/u;

/**
 * Reads `instance:shoes`, `instance:shop-*`, `library:*`.
 *
 * Undefined unless it is a name space, a colon, and a name or the beginning of one with a `*` behind it.
 */
export function parseScope(text: string): Scope | undefined {
  const [, facade, name, star] = SCOPE.exec(text) ?? [];
  if (facade === undefined || name === undefined) return undefined;
  const isPrefix = star === '*';
  if (name === '' && !isPrefix) return undefined;
  return { facade: facade as ScopedFacade, name, isPrefix };
}

/** Writes what {@link parseScope} reads. */
export function formatScope({ facade, name, isPrefix }: Scope): string {
  return `${facade}:${name}${isPrefix ? '*' : ''}`;
}
