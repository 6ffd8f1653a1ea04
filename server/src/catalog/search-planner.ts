import { ApiError } from '@likeness/shared/errors';

import { formatImageKey, normalizeImageKey } from '../store/image-key.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { VectorQuery, WordQuery } from '../vectors/vector-index.ts';
import type { PictureAnalysis, TextAnalysis, Vision } from '../vision/vision.ts';
import type {
  CallOptions,
  PictureFindings,
  SearchQuery,
  SearchRequest,
  SearchResult,
  SentPicture,
} from './catalog.ts';
import { scopePicture, scopeStored, scopeText } from './categories.ts';
import type { CollectionState } from './collection-state.ts';
import { combineQueries } from './combined-query.ts';
import { chooseFraming, lacksItem, pictureLimits, regionsOf } from './framing.ts';
import { queryWords } from './query-words.ts';
import { readRecord } from './read-record.ts';
import { analyzePicture, timeStage } from './stages.ts';
import { requireTextCalibration, requireTexts, unknownText } from './text-rules.ts';

/** What is looked for, and where. */
export type SearchPlan = {
  /** Of a picture that was sent, or stored. */
  readonly picture?: PictureFindings;
  /** Of a text. */
  readonly matchedBy?: NonNullable<SearchResult['matchedBy']>;
  readonly unknownWords?: readonly string[];
} & (
  | ({ readonly by: 'vector' } & Pick<
      VectorQuery,
      'vector' | 'calibration' | 'categories' | 'pinnedKey'
    >)
  | ({ readonly by: 'words' } & Pick<WordQuery, 'words' | 'categories'>)
  /** Nothing was seen that could be looked for. */
  | { readonly by: 'nothing' }
);

/** What a search of one kind is by, and the category that the caller gave. */
interface Asked<Kind extends SearchQuery['kind']> {
  readonly query: SearchQuery & { readonly kind: Kind };
  readonly category?: number | undefined;
}

/** Turns what a search is by into a vector, and into the categories to look in. */
export class SearchPlanner {
  readonly #vision: Vision;
  readonly #records: RecordStore;

  constructor({ vision, records }: { readonly vision: Vision; readonly records: RecordStore }) {
    this.#vision = vision;
    this.#records = records;
  }

  async plan(
    state: CollectionState,
    { query, category }: SearchRequest,
    options: CallOptions,
  ): Promise<SearchPlan> {
    switch (query.kind) {
      case 'picture':
        return this.#planPicture(state, { query, category }, options);
      case 'text':
        return this.#planText(state, { query, category }, options);
      case 'combined':
        return this.#planCombined(state, { query, category }, options);
      case 'stored':
        return this.#planStored(state, { query, category });
    }
  }

  async #planPicture(
    state: CollectionState,
    { query, category }: Asked<'picture'>,
    options: CallOptions,
  ): Promise<SearchPlan> {
    const analysis = await this.#look(state, query, options);
    const found = findingsOf(state, category, analysis);
    const framing = chooseFraming(state.settings, query);
    if (lacksItem(state.settings, framing, analysis)) {
      return { by: 'nothing', picture: found.picture };
    }
    return { by: 'vector', vector: analysis.vector, ...found };
  }

  async #look(
    { settings }: CollectionState,
    { picture, ...part }: SentPicture,
    options: CallOptions,
  ): Promise<PictureAnalysis> {
    const framing = chooseFraming(settings, part);
    const limits = pictureLimits(settings);
    return analyzePicture(this.#vision, { picture, framing, limits }, options);
  }

  async #read(text: string, options: CallOptions): Promise<TextAnalysis> {
    return timeStage('embed', options, () => this.#vision.embedText(text, options.signal));
  }

  async #planText(
    state: CollectionState,
    { query, category }: Asked<'text'>,
    options: CallOptions,
  ): Promise<SearchPlan> {
    const calibration = requireTexts(state.settings, this.#vision.pack);
    const scope = scopeText(state.settings, category);
    const categories = scope === undefined ? {} : { categories: scope };
    const analysis = calibration && (await this.#read(query.text, options));
    if (calibration === undefined || analysis?.kind !== 'placed') {
      const words = await queryWords(query.text);
      const unknownWords = analysis?.unknownWords ?? words.flatMap(([word]) => word ?? []);
      return { by: 'words', matchedBy: 'words', words, unknownWords, ...categories };
    }
    const { vector, unknownWords } = analysis;
    const matched = { matchedBy: 'embedding', unknownWords } as const;
    return { by: 'vector', ...matched, vector, calibration, ...categories };
  }

  async #planCombined(
    state: CollectionState,
    { query, category }: Asked<'combined'>,
    options: CallOptions,
  ): Promise<SearchPlan> {
    const { pack } = this.#vision;
    const textCalibration = requireTextCalibration(state.settings, pack);
    const { weights } = query;
    const [picture, text] = await Promise.all([
      this.#look(state, query, options),
      this.#read(query.text, options),
    ]);
    if (text.kind === 'unknown') throw unknownText(text, pack);
    const sent = { calibration: pack.pictureCalibration, weight: weights.picture };
    const said = { calibration: textCalibration, weight: weights.text };
    return {
      by: 'vector',
      ...combineQueries([
        { vector: picture.vector, ...sent },
        { vector: text.vector, ...said },
      ]),
      matchedBy: 'embedding',
      unknownWords: text.unknownWords,
      ...findingsOf(state, category, picture),
    };
  }

  async #planStored(
    state: CollectionState,
    { query, category }: Asked<'stored'>,
  ): Promise<SearchPlan> {
    const key = normalizeImageKey(query);
    const record = await readRecord(this.#records, state.id, key);
    const { pack } = this.#vision;
    // What another pack made of it is comparable with nothing.
    if (record?.fingerprint !== pack.fingerprint) throw new ApiError('PicNotExist');
    const { category: answered, scope } = scopeStored(state.settings, category, record, pack);
    return {
      by: 'vector',
      vector: record.vector,
      picture: { category: answered, region: record.region, regions: [record.region] },
      pinnedKey: formatImageKey(key),
      ...(scope !== undefined && { categories: scope }),
    };
  }
}

/** What a new picture tells, and the categories to look in. */
function findingsOf(
  { settings }: CollectionState,
  given: number | undefined,
  analysis: PictureAnalysis,
): { readonly picture: PictureFindings; readonly categories?: readonly number[] } {
  const { category, scope } = scopePicture(settings, given, analysis.categories);
  return {
    picture: { category, region: analysis.region, regions: regionsOf(analysis) },
    ...(scope !== undefined && { categories: scope }),
  };
}
