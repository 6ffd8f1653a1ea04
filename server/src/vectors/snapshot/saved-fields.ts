import { setImmediate } from 'node:timers/promises';

import type { DictionaryEntry } from '../attributes/dictionary.ts';
import { TAGS, type EncodedValue } from '../attributes/encoded-value.ts';
import { Field, type ColumnField } from '../attributes/field.ts';
import { RareFields } from '../attributes/rare-fields.ts';

import { lengthened } from '../memory/lengthened.ts';

import type { SectionWriter } from './section-writer.ts';
import { SECTION_ENTRIES, type FieldMeta, type SectionNumber } from './snapshot-format.ts';

/** How many of the rows that are saved have each code: later rows may have it too. */
export class CodeUses {
  #uses: Uint32Array = new Uint32Array(0);
  /** One more than the largest code. */
  codes = 0;

  count(code: number): void {
    if (code >= this.#uses.length)
      this.#uses = lengthened(this.#uses, Math.max(64, (code + 1) * 2));
    this.#uses[code] = (this.#uses[code] ?? 0) + 1;
    this.codes = Math.max(this.codes, code + 1);
  }

  of(code: number): number {
    return this.#uses[code] ?? 0;
  }

  slice(from: number, to: number): Uint32Array {
    return this.#uses.slice(from, to);
  }
}

interface SavedField {
  /** In the file. */
  readonly number: number;
  readonly texts: CodeUses;
  readonly lists: CodeUses;
}

/** The fields that saved rows have values of, and the codes of these. */
export class SavedFields {
  readonly #fields = new Map<ColumnField, SavedField>();

  /** Its number in the file. */
  numberOf(field: ColumnField): number {
    return this.#known(field).number;
  }

  count(field: ColumnField, { tag, word }: EncodedValue): void {
    const { texts, lists } = this.#known(field);
    if (tag === TAGS.text) texts.count(word);
    else if (tag === TAGS.list) lists.count(word);
  }

  async write(writer: SectionWriter): Promise<readonly FieldMeta[]> {
    const metas: FieldMeta[] = [];
    for (const [field, { texts, lists }] of this.#fields) {
      if (field instanceof Field)
        metas.push({
          name: field.name,
          texts: await writeEntries(writer, field.texts, texts),
          lists: await writeEntries(writer, field.lists, lists),
        });
      else if (field instanceof RareFields)
        metas.push({ texts: [], lists: await writeEntries(writer, field, lists) });
    }
    return metas;
  }

  #known(field: ColumnField): SavedField {
    const known = this.#fields.get(field);
    if (known !== undefined) return known;
    const uses = { number: this.#fields.size, texts: new CodeUses(), lists: new CodeUses() };
    this.#fields.set(field, uses);
    return uses;
  }
}

async function writeEntries<Value>(
  writer: SectionWriter,
  dictionary: { readonly entryOf: (code: number, uses: number) => DictionaryEntry<Value> },
  uses: CodeUses,
): Promise<readonly SectionNumber[]> {
  const sections: SectionNumber[] = [];
  for (let from = 0; from < uses.codes; from += SECTION_ENTRIES) {
    const length = Math.min(SECTION_ENTRIES, uses.codes - from);
    const entries = Array.from({ length }, (_, i) =>
      dictionary.entryOf(from + i, uses.of(from + i)),
    );
    sections.push(await writer.addJson(entries));
    await setImmediate();
  }
  return sections;
}
