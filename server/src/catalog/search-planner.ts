import { ApiError } from '@likeness/shared/errors';

import { formatImageKey, normalizeImageKey } from '../store/image-key.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { CalibrationKnots, VectorQuery } from '../vectors/vector-index.ts';
import type { PackSummary, TextKnowledge, Vision } from '../vision/vision.ts';
import type {
  CallOptions,
  CollectionSettings,
  PictureFindings,
  SearchQuery,
  SearchRequest,
  SearchResult,
} from './catalog.ts';
import { scopePicture, scopeStored, scopeText } from './categories.ts';
import type { CollectionState } from './collection-state.ts';
import { chooseFraming, pictureLimits, regionsOf, serviceTypeOfCollection } from './framing.ts';
import { readRecord } from './read-record.ts';
import { analyzePicture, timeStage } from './stages.ts';

/** Unknown words that a refusal names. */
const MAX_NAMED_WORDS = 5;

/** What is looked for, and where. */
export interface SearchPlan extends Pick<
  VectorQuery,
  'vector' | 'calibration' | 'categories' | 'pinnedKey'
> {
  /** Of a picture that was sent, or stored. */
  readonly picture?: PictureFindings;
  readonly matchedBy?: NonNullable<SearchResult['matchedBy']>;
}

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
      case 'stored':
        return this.#planStored(state, { query, category });
    }
  }

  async #planPicture(
    state: CollectionState,
    { query, category }: Asked<'picture'>,
    options: CallOptions,
  ): Promise<SearchPlan> {
    const { settings } = state;
    const framing = chooseFraming(settings, query);
    const limits = pictureLimits(settings);
    const request = { picture: query.picture, framing, limits };
    const analysis = await analyzePicture(this.#vision, request, options);
    state.requireReady();
    const { category: answered, scope } = scopePicture(settings, category, analysis.categories);
    return {
      vector: analysis.vector,
      picture: { category: answered, region: analysis.region, regions: regionsOf(analysis) },
      ...(scope !== undefined && { categories: scope }),
    };
  }

  async #planText(
    state: CollectionState,
    { query, category }: Asked<'text'>,
    options: CallOptions,
  ): Promise<SearchPlan> {
    const { settings } = state;
    const calibration = requireTextCalibration(settings, this.#vision.pack);
    const analysis = await timeStage('embed', options, () =>
      this.#vision.embedText(query.text, options.signal),
    );
    state.requireReady();
    if (analysis.kind === 'unknown') throw unknownText(analysis, this.#vision.pack);
    const scope = scopeText(settings, category);
    return {
      vector: analysis.vector,
      calibration,
      matchedBy: 'embedding',
      ...(scope !== undefined && { categories: scope }),
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
      vector: record.vector,
      picture: { category: answered, region: record.region, regions: [record.region] },
      pinnedKey: formatImageKey(key),
      ...(scope !== undefined && { categories: scope }),
    };
  }
}

/** How texts score in a collection. @throws {ApiError} `UnsupportedInstanceType` where none are searched by. */
function requireTextCalibration(
  settings: CollectionSettings,
  { textCalibration }: PackSummary,
): CalibrationKnots {
  if (!serviceTypeOfCollection(settings).searchesByText) {
    throw new ApiError('UnsupportedInstanceType');
  }
  if (textCalibration !== undefined) return textCalibration;
  const message = 'The instance type is not supported: its model knows no texts.';
  throw new ApiError('UnsupportedInstanceType', { message });
}

function unknownText({ unknownWords }: TextKnowledge, { languages }: PackSummary): ApiError {
  const named = unknownWords.slice(0, MAX_NAMED_WORDS).map((word) => JSON.stringify(word));
  const more = unknownWords.length > MAX_NAMED_WORDS ? ' and others' : '';
  const reason = named.length === 0 ? 'it has no word' : `not known: ${named.join(', ')}${more}`;
  const message = `The text cannot be placed, ${reason}. Languages known: ${languages.join(', ')}.`;
  return new ApiError('UnknownText', { message });
}
