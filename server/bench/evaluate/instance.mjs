/** One filled instance of the server, asked through the SDK. */
import { and, ApiError, int, str } from '@likeness/sdk';
import pLimit from 'p-limit';

/** Requests under way at a time: enough for two cores to be busy. */
const AT_A_TIME = 6;
const PIC_NAME = 'picture';
const NO_ACTION = 'no such action';
/** Refusals of any text: by an older SDK; by a server whose pack has no text, with a status of 500. */
export const NO_TEXT = new Set([NO_ACTION, 'UnsupportedInstanceType']);
/** What the operator API says of a picture that it does not take. */
export const REFUSALS_OF_PICTURES = new Set(['INVALID_IMAGE']);
/** What the server says of a picture or text that it does not take; any other failure is the run's. */
const REFUSALS = new Set([
  ...NO_TEXT,
  'InvalidPicContent',
  'UnsupportedPicPixels',
  'UnsupportedPicFormat',
  'IncorrectOrientation',
]);

/**
 * How pictures are asked about.
 *
 * @typedef {object} Asking
 * @property {string} name of the table's rows
 * @property {string} title
 * @property {'generic' | 'product'} serviceType
 * @property {{ readonly crop?: boolean }} framing sent with every add and search
 */

/** @type {readonly Asking[]} */
export const ASKINGS = [
  { name: 'whole', title: 'Crop=false', serviceType: 'generic', framing: { crop: false } },
  { name: 'subject', title: 'Crop absent', serviceType: 'generic', framing: {} },
  { name: 'product', title: 'product instance', serviceType: 'product', framing: {} },
];

/**
 * What a search answers; `refusal` alone where the server took no such picture or text.
 *
 * @typedef {object} Ranking
 * @property {readonly { readonly key: string, readonly score: number }[]} hits
 * @property {string} [region] the box that was used, `x1,x2,y1,y2`
 * @property {number} [categoryId]
 * @property {'embedding' | 'words'} [matchedBy] of a text
 * @property {string} [refusal]
 */

/** Runs `task` on every value, some at a time; answers in the order of the values. */
export function forEachSome(values, task) {
  const limit = pLimit(AT_A_TIME);
  return Promise.all(values.map((value) => limit(task, value)));
}

export class Instance {
  #client;
  #asking;
  /** What was seen in pictures that were asked about. */
  #seen = new Map();
  /** What texts found. */
  #texts = new Map();
  /** Keys of pictures that were refused. */
  refused = new Set();

  /** @param {Asking} asking */
  constructor(client, asking) {
    this.#client = client;
    this.#asking = asking;
  }

  get name() {
    return this.#asking.name;
  }

  /** Creates the instance and adds every picture once. */
  async fill(pictures) {
    const { name, serviceType } = this.#asking;
    await this.#client.createInstance({ instanceName: name, serviceType, keepPictures: false });
    await forEachSome(pictures, async (picture) => {
      if (await this.#refuses(picture)) this.refused.add(picture.key);
    });
  }

  /**
   * The gallery's pictures that look most like this one, best first.
   *
   * @param {{ key: string, load: () => Promise<Buffer> }} picture
   * @param {Scope} scope
   * @param {number} num
   * @param {{ crop?: boolean }} [framing]
   * @returns {Promise<Ranking>}
   */
  async rank(picture, scope, num, framing = this.#asking.framing) {
    const picContent = await picture.load();
    const ranking = await this.#ask('searchImageByPic', {
      ...framing,
      picContent,
      ...this.#within(scope, num),
    });
    if (ranking.refusal !== undefined) this.refused.add(picture.key);
    this.#seen.set(seenKey(picture, framing), ranking);
    return ranking;
  }

  /** What the server sees in a picture: the answer of a search with it, whatever that was for. */
  async look(picture, framing = this.#asking.framing) {
    const seen = this.#seen.get(seenKey(picture, framing));
    return seen ?? this.rank(picture, {}, 1, framing);
  }

  /** The gallery's pictures most like a stored one, which comes first itself. */
  rankStored(key, scope, num) {
    const named = { productId: key, picName: PIC_NAME };
    return this.#ask('searchImageByName', { ...named, ...this.#within(scope, num) });
  }

  /** The gallery's pictures that show what a text says. */
  async rankText(text, scope, num) {
    const ranking = notPlaced(
      await this.#ask('searchImageByText', { text, ...this.#within(scope, num) }),
    );
    this.#texts.set(textKey(text, scope, num), ranking);
    return ranking;
  }

  /** What {@link rankText} answered before. */
  askedText(text, scope, num) {
    return this.#texts.get(textKey(text, scope, num));
  }

  async #refuses({ key, set, split, isMeasured, load }) {
    const added = await this.#call('addImage', {
      ...this.#asking.framing,
      instanceName: this.name,
      productId: key,
      picName: PIC_NAME,
      picContent: await load(),
      strAttr: set,
      strAttr2: split,
      intAttr: Number(isMeasured),
    });
    return added.refusal !== undefined;
  }

  async #ask(method, request) {
    const answer = await this.#call(method, request);
    if (answer.refusal !== undefined) return { hits: [], refusal: answer.refusal };
    const hits = answer.auctions.map(({ productId, score }) => ({ key: productId, score }));
    const { region, categoryId } = answer.picInfo ?? {};
    return { hits, region, categoryId, matchedBy: answer.head?.matchedBy };
  }

  /** The answer, or the code of what the server does not take. */
  async #call(method, request) {
    if (typeof this.#client[method] !== 'function') return { refusal: NO_ACTION };
    try {
      return await this.#client[method](request);
    } catch (error) {
      if (!ApiError.is(error) || !REFUSALS.has(error.code)) throw error;
      return { refusal: error.code };
    }
  }

  #within(scope, num) {
    const filter = filterOf(scope);
    return { instanceName: this.name, num, ...(filter !== undefined && { filter }) };
  }
}

/**
 * Which pictures are ranked; all where nothing is said.
 *
 * @typedef {object} Scope
 * @property {string} [set]
 * @property {string} [split]
 * @property {boolean} [measured] only those between which scores are measured
 */
function filterOf({ set, split, measured }) {
  const terms = [
    ...(set === undefined ? [] : [str('str_attr').eq(set)]),
    ...(split === undefined ? [] : [str('str_attr2').eq(split)]),
    ...(measured === true ? [int('int_attr').eq(1)] : []),
  ];
  const [first, ...rest] = terms;
  return first === undefined ? undefined : and(first, ...rest);
}

/** A text found by words is not placed among the pictures: their names and attributes here are no shop's. */
export function notPlaced(ranking) {
  return ranking.matchedBy === 'words' ? { hits: [], refusal: 'not placed' } : ranking;
}

function textKey(...asked) {
  return JSON.stringify(asked);
}

function seenKey({ key }, { crop = true }) {
  return `${crop} ${key}`;
}
