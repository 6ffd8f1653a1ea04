import { normalizeText } from '@likeness/shared/encoding';

import type { TextAnalysis } from '../vision.ts';

/** What was made of the latest texts, however they were written; the one not asked for longest goes first. */
export class TextCache {
  readonly #maxTexts: number;
  /** In the order in which they were last asked for. */
  readonly #texts = new Map<string, TextAnalysis>();

  constructor(maxTexts: number) {
    this.#maxTexts = maxTexts;
  }

  get(text: string): TextAnalysis | undefined {
    const key = normalizeText(text);
    const known = this.#texts.get(key);
    if (known !== undefined) this.#put(key, known);
    return known;
  }

  set(text: string, analysis: TextAnalysis): void {
    this.#put(normalizeText(text), analysis);
    if (this.#texts.size <= this.#maxTexts) return;
    const [oldest] = this.#texts.keys();
    if (oldest !== undefined) this.#texts.delete(oldest);
  }

  #put(key: string, analysis: TextAnalysis): void {
    this.#texts.delete(key);
    this.#texts.set(key, analysis);
  }
}
