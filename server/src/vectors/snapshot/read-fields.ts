import type { DictionaryEntry } from '../attributes/dictionary.ts';
import type { FieldSet } from '../attributes/field-set.ts';
import type { ColumnField } from '../attributes/field.ts';

import { SectionReader, type OpenSnapshot } from './section-reader.ts';
import type { FieldMeta, SectionNumber } from './snapshot-format.ts';

/** Gives an empty set the fields of a snapshot, with their codes; answers them by their numbers. */
export async function readFields(
  snapshot: OpenSnapshot,
  set: FieldSet,
  metas: readonly FieldMeta[],
): Promise<readonly ColumnField[]> {
  const fields: ColumnField[] = [];
  for (const { name, texts, lists } of metas) {
    if (name === undefined) {
      fields.push(set.rare);
      await readEntries(snapshot, set.rare, lists);
    } else {
      const field = set.add(name);
      fields.push(field);
      await readEntries(snapshot, field.texts, texts);
      await readEntries(snapshot, field.lists, lists);
    }
  }
  return fields;
}

async function readEntries<Value>(
  snapshot: OpenSnapshot,
  dictionary: { readonly restore: (entry: DictionaryEntry<Value>) => void },
  sections: readonly SectionNumber[],
): Promise<void> {
  for (const section of sections) {
    const reader = new SectionReader(snapshot);
    const json = Buffer.from(reader.want(section));
    await reader.read();
    // As it was written: its checksum holds.
    for (const entry of JSON.parse(json.toString()) as readonly DictionaryEntry<Value>[])
      dictionary.restore(entry);
  }
}
