import { openLevel, type LevelHandle } from '../../src/store/level-handle.ts';

/** Opens real LevelDBs whose next batch can be made to fail, having taken effect or not. */
export class FailingLevel {
  #fate: 'lost' | 'kept' | undefined;

  /** Makes the next batch fail. LevelDB itself writes nothing more after that until it was reopened. */
  failNext(fate: 'lost' | 'kept'): void {
    this.#fate = fate;
  }

  async open(folder: string): Promise<LevelHandle> {
    const level = await openLevel(folder);
    const failing = new Proxy(level, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (name === 'batch')
          return (...batch: Parameters<LevelHandle['batch']>) =>
            batch.length === 0 ? target.batch() : this.#batch(target, batch);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    return failing;
  }

  async #batch(level: LevelHandle, batch: readonly unknown[]): Promise<void> {
    const fate = this.#fate;
    this.#fate = undefined;
    const write = Reflect.get(level, 'batch', level) as (
      ...batch: readonly unknown[]
    ) => Promise<void>;
    if (fate !== 'lost') await write.apply(level, [...batch]);
    if (fate !== undefined) throw new Error('IO error: injected');
  }
}
