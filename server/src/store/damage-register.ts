import type { Damage, DamageKind } from './damage.ts';

/** Most that are listed; more are only counted. */
const MAX_LISTED = 1_000;

/** While one of these is there, what refers to what is not known for sure. */
const DOUBTFUL: ReadonlySet<DamageKind> = new Set(['record', 'collection', 'log', 'store']);

export interface NotedDamage extends Damage {
  /** Milliseconds since 1970. */
  readonly foundMs: number;
}

export interface DamageRegisterOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told once of each name. */
  readonly onDamage: (damage: Damage) => void;
}

/** Every damage that was found since the start, or at the last verification of everything, each once, by its name. */
export class DamageRegister {
  readonly #options: DamageRegisterOptions;
  readonly #found = new Map<string, NotedDamage>();
  #isDoubtful = false;

  constructor(options: DamageRegisterOptions) {
    this.#options = options;
  }

  note(damage: Damage): void {
    const name = `${damage.kind} ${damage.name}`;
    if (this.#found.has(name)) return;
    this.#keep(name, { ...damage, foundMs: this.#options.now() });
    this.#options.onDamage(damage);
  }

  /** In the order in which they were found; the first of them, where there are very many. */
  list(): readonly NotedDamage[] {
    return [...this.#found.values()].slice(0, MAX_LISTED);
  }

  /** How many there are, of one kind or of all. */
  count(kind?: DamageKind): number {
    if (kind === undefined) return this.#found.size;
    return [...this.#found.values()].filter((damage) => damage.kind === kind).length;
  }

  /** Whether records may be missing or wrong, so that nothing may be removed by what they say. */
  get isDoubtful(): boolean {
    return this.#isDoubtful;
  }

  /** Takes what a verification found for all there is, apart from values: their owners know more of them. */
  replaceBy(found: readonly Damage[]): void {
    const before = new Map(this.#found);
    this.#found.clear();
    this.#isDoubtful = false;
    const values = [...before.values()].filter(({ kind }) => kind === 'value');
    for (const damage of [...found, ...values]) {
      const name = `${damage.kind} ${damage.name}`;
      const known = before.get(name);
      if (known === undefined) this.note(damage);
      else this.#keep(name, known);
    }
  }

  #keep(name: string, damage: NotedDamage): void {
    if (damage.isMended === undefined && DOUBTFUL.has(damage.kind)) this.#isDoubtful = true;
    this.#found.set(name, damage);
  }
}
