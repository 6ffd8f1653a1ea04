import { setImmediate } from 'node:timers/promises';

import { ApiError } from '@likeness/shared/errors';

import type { Damage } from '../store/damage.ts';
import { formatImageKey, normalizeImageKey, parseImageKey } from '../store/image-key.ts';
import type { ImageRecord } from '../store/image-record.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { VectorAnswer, VectorIndex, VectorQuery } from '../vectors/vector-index.ts';
import type { Vision } from '../vision/vision.ts';
import type {
  CallOptions,
  ListRequest,
  ListResult,
  PictureFindings,
  SearchQuery,
  SearchRequest,
  SearchResult,
} from './catalog.ts';
import { scopePicture, scopeStored } from './categories.ts';
import type { CollectionState } from './collection-state.ts';
import { chooseFraming, pictureLimits, regionsOf } from './framing.ts';
import { analyzePicture, timeStage } from './stages.ts';
import { storedImageOf } from './stored-image.ts';

/** Searches of one request: again when a hit was replaced or removed before its record was read. */
const MAX_TRIES = 4;

export interface ImageSearcherOptions {
  readonly records: RecordStore;
  readonly vision: Vision;
  readonly onDamage: (damage: Damage) => void;
}

/** What is looked for, and where. */
interface Plan extends PictureFindings {
  readonly vector: Float32Array;
  readonly categories?: readonly number[];
  readonly pinnedKey?: string;
}

/** A row of the index, as searches and lists name it. */
interface Row {
  readonly key: string;
  readonly revision: number;
}

/** Searches and lists: rows come from the index, what is answered from the records. */
export class ImageSearcher {
  readonly #options: ImageSearcherOptions;

  constructor(options: ImageSearcherOptions) {
    this.#options = options;
  }

  async search(
    state: CollectionState,
    request: SearchRequest,
    options: CallOptions,
  ): Promise<SearchResult> {
    state.requireReady();
    const startMs = performance.now();
    const plan =
      request.query.kind === 'picture'
        ? await this.#planPicture(state, request.query, request.category, options)
        : undefined;
    for (let tries = 1; ; tries += 1) {
      const current = plan ?? (await this.#planStored(state, request));
      const answer = await timeStage('scan', options, () =>
        askIndex(state, (index) => index.search(vectorQuery(request, current), options.signal)),
      );
      const records = await timeStage('records', options, () => this.#read(state, answer.hits));
      if (records.includes(undefined) && tries < MAX_TRIES) {
        await this.#pause(state, options);
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
      const { keys, found } = await timeStage('scan', options, () =>
        askIndex(state, (index) => index.list(scope)),
      );
      const records = await timeStage('records', options, () => this.#read(state, keys));
      const images = records.filter((record) => record !== undefined).map(storedImageOf);
      const missing = records.length - images.length;
      if (missing === 0 || tries === MAX_TRIES) return { images, found: found - missing };
      await this.#pause(state, options);
    }
  }

  async #planPicture(
    state: CollectionState,
    query: SearchQuery & { readonly kind: 'picture' },
    category: number | undefined,
    options: CallOptions,
  ): Promise<Plan> {
    const { settings } = state;
    const framing = chooseFraming(settings, query);
    const limits = pictureLimits(settings);
    const request = { picture: query.picture, framing, limits };
    const analysis = await analyzePicture(this.#options.vision, request, options);
    state.requireReady();
    const { category: answered, scope } = scopePicture(settings, category, analysis.categories);
    return {
      vector: analysis.vector,
      category: answered,
      region: analysis.region,
      regions: regionsOf(analysis),
      ...(scope !== undefined && { categories: scope }),
    };
  }

  async #planStored(state: CollectionState, { query, category }: SearchRequest): Promise<Plan> {
    if (query.kind !== 'stored') throw new TypeError('"query" expected a stored picture');
    const key = normalizeImageKey(query);
    const record = await this.#options.records.get(state.id, key);
    if (record === undefined) throw new ApiError('PicNotExist');
    const { pack } = this.#options.vision;
    const { category: answered, scope } = scopeStored(state.settings, category, record, pack);
    return {
      vector: record.vector,
      category: answered,
      region: record.region,
      regions: [record.region],
      pinnedKey: formatImageKey(key),
      ...(scope !== undefined && { categories: scope }),
    };
  }

  /** The records of the rows; undefined for one that was replaced, removed or damaged. */
  async #read(
    state: CollectionState,
    rows: readonly Row[],
  ): Promise<readonly (ImageRecord | undefined)[]> {
    const keys = rows.map(({ key }) => parseImageKey(key));
    const found = await this.#options.records.getMany(state.id, keys);
    return rows.map(({ key, revision }, index) => {
      const step = found[index];
      if (step?.kind === 'damage') {
        // Never served again, and not found again either.
        this.#options.onDamage(step.damage);
        state.index.remove(key);
        return undefined;
      }
      return step?.record.revision === revision ? step.record : undefined;
    });
  }

  /** Lets the write that was seen half-way reach the index. */
  async #pause(state: CollectionState, { signal }: CallOptions): Promise<void> {
    await setImmediate();
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

function vectorQuery(request: SearchRequest, plan: Plan): VectorQuery {
  const { filter, start, num, minScore, distinct } = request;
  const { vector, categories, pinnedKey } = plan;
  return {
    vector,
    start,
    num,
    minScore,
    distinct,
    ...(filter !== undefined && { filter }),
    ...(categories !== undefined && { categories }),
    ...(pinnedKey !== undefined && { pinnedKey }),
  };
}

function formatAnswer(
  answer: VectorAnswer,
  records: readonly (ImageRecord | undefined)[],
  { category, region, regions, pinnedKey }: Plan,
): Omit<SearchResult, 'searchMs'> {
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
    category,
    region,
    regions,
    hits,
    found,
    mode: answer.mode,
    rowsScanned: answer.rowsScanned,
  };
}
