import type {
  NameRange,
  StoredValue,
  ValueChange,
  ValueStore,
} from '../../src/store/value-store.ts';

/** Small values in memory. Nothing is kept. */
export class MemoryValues implements ValueStore {
  readonly texts = new Map<string, string>();
  /** Names of values that are to look damaged. */
  readonly damaged = new Set<string>();
  /** Runs in place of each write, which it may run or not. */
  onWrite: (write: () => void) => Promise<void> = async (write) => write();

  async readValues({ from, to }: NameRange): ReturnType<ValueStore['readValues']> {
    const names = [...this.texts.keys()].filter((name) => name >= from && name < to).toSorted();
    const isWhole = (name: string): boolean => !this.damaged.has(name);
    const valueOf = (name: string): StoredValue => ({ name, text: this.texts.get(name) ?? '' });
    return {
      values: names.filter(isWhole).map(valueOf),
      damaged: names.filter((name) => !isWhole(name)),
    };
  }

  writeValues(changes: readonly ValueChange[]): Promise<void> {
    return this.onWrite(() => {
      for (const change of changes) {
        if (change.kind === 'put') this.texts.set(change.name, change.text);
        else this.texts.delete(change.name);
      }
    });
  }
}
