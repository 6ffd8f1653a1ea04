/** A filled library of the operator API, asked the same texts as an instance. */
import { ApiError } from '@likeness/sdk';

import { forEachSome, notPlaced, REFUSALS_OF_PICTURES } from './instance.mjs';

const IMAGE_URI = 'picture';

export class Library {
  static title = 'library, operator API';
  name = 'library';
  refused = new Set();
  #library;
  #twin;
  /** By text: whether the twin answered the same keys with the same scores. */
  #samples = new Map();

  /** @param {import('./instance.mjs').Instance} twin an instance that embeds whole pictures, asked before */
  constructor(client, twin) {
    this.#library = client.library(this.name);
    this.#twin = twin;
  }

  /** Adds what the twin has taken. */
  async fill(pictures) {
    await this.#library.create({ mode: 'general_search' });
    const taken = pictures.filter(({ key }) => !this.#twin.refused.has(key));
    await forEachSome(taken, async ({ key: imageId, set, split, load }) => {
      const named = { imageId, imageUri: IMAGE_URI, tags: { set, split } };
      try {
        await this.#library.add({ ...named, image: await load(), saveImage: false });
      } catch (error) {
        if (!ApiError.is(error) || !REFUSALS_OF_PICTURES.has(error.code)) throw error;
        this.refused.add(imageId);
      }
    });
  }

  async rankText(text, scope, num) {
    const answer = await this.#library.searchByText({
      queryText: text,
      topK: num,
      tagFilter: Object.entries(scope).map(([field, value]) => ({ field, op: '=', value })),
      returnFrame: false,
    });
    const hits = answer.results.map(({ imageId, score }) => ({ key: imageId, score }));
    const ranking = notPlaced({ hits, matchedBy: answer.matchedBy });
    const asked = this.#twin.askedText(text, scope, num);
    const isSame = JSON.stringify(asked?.hits) === JSON.stringify(ranking.hits);
    this.#samples.set(`${text} ${JSON.stringify(scope)}`, { cluster: text, value: Number(isSame) });
    return ranking;
  }

  /** What else was found out on the way. */
  get agreement() {
    return { id: 'facades', samples: [...this.#samples.values()], refused: 0 };
  }
}
