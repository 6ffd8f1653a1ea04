import { Tokenizer } from '@huggingface/tokenizers';

/** A text as a graph reads it. */
export interface TokenizedText {
  /** At most the tokenizer's maximum; special tokens at the ends included. */
  readonly ids: readonly number[];
  /** Tokens of the text itself that the vocabulary has, and all of them. */
  readonly knownTokens: number;
  readonly tokens: number;
}

/** Splits a pack's texts as its `tokenizer.json` says. */
export class PackTokenizer {
  readonly #tokenizer: Tokenizer;
  readonly #maxTokens: number;
  readonly #words = new Intl.Segmenter('zh', { granularity: 'word' });

  constructor(tokenizer: Tokenizer, maxTokens: number) {
    this.#tokenizer = tokenizer;
    this.#maxTokens = maxTokens;
  }

  /** @throws {Error} when the file is no tokenizer that the library reads. */
  static parse(file: Uint8Array, maxTokens: number): PackTokenizer {
    const description = JSON.parse(Buffer.from(file).toString('utf8')) as object;
    return new PackTokenizer(new Tokenizer(description, {}), maxTokens);
  }

  tokenize(text: string): TokenizedText {
    const own = this.#ownIds(text);
    const knownTokens = own.filter((id) => id !== this.#unknownId).length;
    return {
      ids: this.#cut(this.#tokenizer.encode(text).ids, own),
      knownTokens,
      tokens: own.length,
    };
  }

  /** Words of the text that the vocabulary lacks, in their order, each once. */
  unknownWords(text: string): readonly string[] {
    const words = [...this.#words.segment(text)].filter(({ isWordLike }) => isWordLike === true);
    const unknown = words
      .map(({ segment }) => segment)
      .filter((word) => this.#ownIds(word).some((id) => id === this.#unknownId));
    return [...new Set(unknown)];
  }

  /** Without special tokens. */
  #ownIds(text: string): readonly number[] {
    return this.#tokenizer.encode(text, { add_special_tokens: false }).ids;
  }

  get #unknownId(): number | undefined {
    return this.#tokenizer.model?.unk_token_id;
  }

  /** Leaves out the end of a text that is too long, and keeps the special tokens around it. */
  #cut(all: readonly number[], own: readonly number[]): readonly number[] {
    const excess = all.length - this.#maxTokens;
    if (excess <= 0) return all;
    const before = Math.max(0, all.indexOf(own[0] ?? -1));
    const end = before + own.length;
    return [...all.slice(0, Math.max(before, end - excess)), ...all.slice(end)];
  }
}
