import { setImmediate } from 'node:timers/promises';

import type { DamageRegister } from '../store/damage-register.ts';
import { formatImageKey, parseImageKey } from '../store/image-key.ts';
import type { ImageRecord } from '../store/image-record.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { KeyAnswer, VectorAnswer, VectorIndex } from '../vectors/vector-index.ts';
import type { Vision } from '../vision/vision.ts';
import type { SearchCounts } from './catalog-health.ts';
import type {
  CallOptions,
  ListRequest,
  ListResult,
  SearchRequest,
  SearchResult,
} from './catalog.ts';
import type { CollectionState } from './collection-state.ts';
import { SCAN_GATE } from './limits.ts';
import { readRecords } from './read-record.ts';
import { SearchPlanner, type SearchPlan } from './search-planner.ts';
import { timeStage } from './stages.ts';
import { storedImageOf } from './stored-image.ts';
import { WorkGate, type GateLoad } from './work-gate.ts';

/** Searches of one request: again when a hit was replaced or removed before its record was read. */
const MAX_TRIES = 4;

export interface ImageSearcherOptions {
  readonly records: RecordStore;
  readonly vision: Vision;
  readonly damage: Pick<DamageRegister, 'note'>;
}

/** A row of the index, as searches and lists name it. */
interface Row {
  readonly key: string;
  readonly revision: number;
}

/** Searches and lists: rows come from the index, what is answered from the records. */
export class ImageSearcher {
  readonly #options: ImageSearcherOptions;
  readonly #planner: SearchPlanner;
  readonly #gate = new WorkGate(SCAN_GATE);
  #counts: SearchCounts = {
    exact: { searches: 0, rowsScanned: 0 },
    approximate: { searches: 0, rowsScanned: 0 },
  };

  constructor(options: ImageSearcherOptions) {
    this.#options = options;
    this.#planner = new SearchPlanner(options);
  }

  /** Scans and lists that run, wait and were refused. */
  get load(): GateLoad {
    return this.#gate.load;
  }

  /** How indexes were searched since the start. */
  get counts(): SearchCounts {
    return this.#counts;
  }

  async search(
    state: CollectionState,
    request: SearchRequest,
    options: CallOptions,
  ): Promise<SearchResult> {
    state.requireReady();
    const startMs = performance.now();
    let plan = await this.#planner.plan(state, request, options);
    state.requireReady();
    for (let tries = 1; ; tries += 1) {
      const current = plan;
      const answer = await this.#scan(state, options, (index) =>
        ask(index, request, current, options),
      );
      const records = await timeStage('records', options, () => this.#read(state, answer.hits));
      if (records.includes(undefined) && tries < MAX_TRIES) {
        await this.#pause(state, options);
        // The stored picture may be what was replaced; a picture that was sent is looked at once.
        if (request.query.kind === 'stored') {
          plan = await this.#planner.plan(state, request, options);
        }
        continue;
      }
      return {
        ...formatAnswer(answer, records, current),
        searchMs: performance.now() - startMs,
      };
    }
  }

  async list(
    state: CollectionState,
    request: ListRequest,
    options: CallOptions,
  ): Promise<ListResult> {
    const { filter, after, start, num } = request;
    const scope = {
      ...(filter !== undefined && { filter }),
      ...(after !== undefined && { after: formatImageKey(after) }),
      start,
      num,
    };
    for (let tries = 1; ; tries += 1) {
      state.requireReady();
      const { keys, found } = await this.#scan(state, options, (index) => index.list(scope));
      const records = await timeStage('records', options, () => this.#read(state, keys));
      const images = records.filter((record) => record !== undefined).map(storedImageOf);
      const missing = records.length - images.length;
      if (missing === 0 || tries === MAX_TRIES) return { images, found: found - missing };
      await this.#pause(state, options);
    }
  }

  async #scan<Answer extends VectorAnswer | KeyAnswer>(
    state: CollectionState,
    options: CallOptions,
    ask: (index: VectorIndex) => Promise<Answer>,
  ): Promise<Answer> {
    const { onStage } = options;
    let planMs = 0;
    // The scan, without what told it where to look.
    const scanStage: CallOptions = {
      onStage: (stage, ms) => onStage?.(stage, Math.max(0, ms - planMs)),
    };
    return timeStage('scan', scanStage, async () => {
      const answer = await this.#gate.run(() => askIndex(state, ask), options.signal);
      if ('mode' in answer) this.#count(answer);
      if ('planMs' in answer) {
        planMs = answer.planMs ?? 0;
        onStage?.('plan', planMs);
      }
      return answer;
    });
  }

  #count({ mode, rowsScanned }: VectorAnswer): void {
    const { searches, rowsScanned: before } = this.#counts[mode];
    const counted = { searches: searches + 1, rowsScanned: before + rowsScanned };
    this.#counts = { ...this.#counts, [mode]: counted };
  }

  /** The records of the rows; undefined for one that was replaced, removed or damaged. */
  async #read(
    state: CollectionState,
    rows: readonly Row[],
  ): Promise<readonly (ImageRecord | undefined)[]> {
    const keys = rows.map(({ key }) => parseImageKey(key));
    const found = await readRecords(this.#options.records, state.id, keys);
    return rows.map(({ key, revision }, index) => {
      const step = found[index];
      if (step?.kind === 'damage') {
        // Never served again, and not found again either.
        this.#options.damage.note(step.damage);
        state.index.remove(key);
        return undefined;
      }
      return step?.record.revision === revision ? step.record : undefined;
    });
  }

  /** Lets the write that was seen half-way reach the index. */
  async #pause(state: CollectionState, { signal }: CallOptions): Promise<void> {
    await setImmediate();
    await state.settled();
    signal?.throwIfAborted();
    state.requireReady();
  }
}

/** Asks the index again if another took its place meanwhile, and says why if the collection is being emptied. */
async function askIndex<Answer>(
  state: CollectionState,
  ask: (index: VectorIndex) => Promise<Answer>,
): Promise<Answer> {
  const { index } = state;
  try {
    return await ask(index);
  } catch (error) {
    state.requireReady();
    if (state.index === index) throw error;
    return ask(state.index);
  }
}

const NOTHING: VectorAnswer = { hits: [], found: 0, mode: 'exact', rowsScanned: 0 };

async function ask(
  index: VectorIndex,
  request: SearchRequest,
  plan: SearchPlan,
  { signal }: CallOptions,
): Promise<VectorAnswer> {
  const { filter, start, num, minScore, distinct } = request;
  const ranking = { start, num, minScore, distinct, ...(filter !== undefined && { filter }) };
  switch (plan.by) {
    case 'vector':
      return index.search({ ...plan, ...ranking }, signal);
    case 'words':
      return index.searchWords({ ...plan, ...ranking }, signal);
    case 'nothing':
      return NOTHING;
  }
}

function formatAnswer(
  answer: VectorAnswer,
  records: readonly (ImageRecord | undefined)[],
  plan: SearchPlan,
): Omit<SearchResult, 'searchMs'> {
  const { picture, matchedBy, unknownWords = [] } = plan;
  const pinnedKey = plan.by === 'vector' ? plan.pinnedKey : undefined;
  const hits = answer.hits.flatMap(({ key, score, cosine }, index) => {
    const record = records[index];
    if (record === undefined) return [];
    // A picture is itself, whatever the index's rounding says.
    const isItself = key === pinnedKey;
    return [
      { ...storedImageOf(record), score: isItself ? 1 : score, rawScore: isItself ? 1 : cosine },
    ];
  });
  const found = answer.found - (records.length - hits.length);
  return {
    hits,
    found,
    mode: answer.mode,
    rowsScanned: answer.rowsScanned,
    ...(picture !== undefined && { picture }),
    ...(matchedBy !== undefined && { matchedBy }),
    ...(unknownWords.length > 0 && { unknownWords }),
  };
}
