import type { Damage } from './damage.ts';
import type { ErasedSpan, SpannedKeys } from './erased-span.ts';
import type { LevelOperation } from './image-batch.ts';
import type { LevelHandle } from './level-handle.ts';
import { ERASURE_PREFIX, erasureKey, idOfRow, imageRange, prefixRange } from './level-keys.ts';
import { seal, unseal } from './seal.ts';

/*
 * LevelDB keeps what was deleted until it happens to rewrite the files that it lies in. What a caller
 * deleted must go from the disk within a stated time, so each batch that deletes records says which range
 * of keys they were in, in a row of the collection, and the range is compacted later.
 */

/** After every key of a record, whose UTF-8 holds no such byte. */
const AFTER_ANY = 0xff;

/** What was erased and may still be on the disk, by collection. */
export class Erasures {
  readonly #spans = new Map<string, ErasedSpan>();
  /** Keys at which a span may be cut; only of what this process erased. */
  readonly #cuts = new Map<string, Buffer[]>();

  /** Reads what earlier processes left. A row that is damaged costs its collection a whole compaction. */
  static async load(level: LevelHandle): Promise<Erasures> {
    const erasures = new Erasures();
    for await (const [key, value] of level.iterator(prefixRange(ERASURE_PREFIX))) {
      const id = idOfRow(key);
      erasures.#spans.set(id, readSpan(key, value) ?? wholeSpan(id));
    }
    return erasures;
  }

  /** Collections with a span. */
  get ids(): readonly string[] {
    return [...this.#spans.keys()];
  }

  /** What to write with a batch that erases these keys; nothing where the span covers them already. */
  cover(id: string, { span, cuts }: SpannedKeys): readonly LevelOperation[] {
    if (span === undefined) return [];
    this.#addCuts(id, cuts);
    return this.#widen(id, span);
  }

  /** The same where every record of a collection is erased, piece by piece; `next` is the first of a piece. */
  coverAll(id: string, next: Buffer): readonly LevelOperation[] {
    this.#addCuts(id, [next]);
    return this.#widen(id, wholeSpan(id));
  }

  /** Keys at which the span may be cut. */
  cutsOf(id: string): readonly Buffer[] {
    return this.#cuts.get(id) ?? [];
  }

  #addCuts(id: string, cuts: readonly Buffer[]): void {
    if (cuts.length > 0) this.#cuts.set(id, [...this.cutsOf(id), ...cuts]);
  }

  #widen(id: string, erased: ErasedSpan): readonly LevelOperation[] {
    const before = this.#spans.get(id);
    const span = before === undefined ? erased : join(before, erased);
    if (before !== undefined && span.from === before.from && span.to === before.to) return [];
    this.#spans.set(id, span);
    const key = erasureKey(id);
    const body = JSON.stringify([span.from.toString('hex'), span.to.toString('hex')]);
    return [{ type: 'put', key, value: seal(key, Buffer.from(body)) }];
  }

  get(id: string): ErasedSpan | undefined {
    return this.#spans.get(id);
  }

  /** What to write once `span` was compacted; nothing where more was erased meanwhile. */
  settle(id: string, span: ErasedSpan): readonly LevelOperation[] {
    if (this.#spans.get(id) !== span) return [];
    this.#spans.delete(id);
    this.#cuts.delete(id);
    return [{ type: 'del', key: erasureKey(id) }];
  }
}

/**
 * Deletions that lie around a span and delete nothing.
 *
 * LevelDB rewrites no file of its last level. Where a record and its deletion came to lie in one such file,
 * only a newer file that spans it makes LevelDB merge both and drop them.
 */
export function bracketsOf({ from, to }: ErasedSpan): readonly LevelOperation[] {
  const last = from[from.length - 1] ?? 0;
  const start = from.subarray(0, -1);
  const before =
    last === 0 ? Buffer.from(start) : Buffer.concat([start, Buffer.of(last - 1, AFTER_ANY)]);
  const after = Buffer.concat([to, Buffer.of(AFTER_ANY)]);
  return [
    { type: 'del', key: before },
    { type: 'del', key: after },
  ];
}

/** A damaged row of erasures is no loss. */
export function erasureDamage(key: Buffer, value: Buffer): Damage | undefined {
  if (readSpan(key, value) !== undefined) return undefined;
  const id = idOfRow(key);
  const detail = `what was erased of collection ${id} is not known: all of it will be compacted`;
  return { kind: 'collection', name: `${id}: erasures`, detail, collectionId: id, isMended: true };
}

function join(a: ErasedSpan, b: ErasedSpan): ErasedSpan {
  return {
    from: Buffer.compare(b.from, a.from) < 0 ? b.from : a.from,
    to: Buffer.compare(b.to, a.to) > 0 ? b.to : a.to,
  };
}

function wholeSpan(id: string): ErasedSpan {
  const { gte, lt } = imageRange(id);
  return { from: gte, to: lt };
}

function readSpan(key: Buffer, value: Buffer): ErasedSpan | undefined {
  const body = unseal(key, value);
  if (body === undefined) return undefined;
  const [from, to] = JSON.parse(Buffer.from(body).toString()) as readonly [string, string];
  return { from: Buffer.from(from, 'hex'), to: Buffer.from(to, 'hex') };
}
