import type {
  AnyTags,
  ImageSearchClient,
  Library,
  LibrarySearchAnswer,
  LibrarySearchOptions,
  LibraryTextSearchAnswer,
  TagFilter,
} from '@likeness/sdk';
import { fromFile } from '@likeness/sdk/node';

import { refuseUnused, UsageError } from './failures.ts';
import { given } from './given.ts';
import { readStoredName } from './search-options.ts';
import type { SearchOptions } from './search-options.ts';
import { formatTable } from './table.ts';
import { formatTags } from './tag-values.ts';

type Answer = LibrarySearchAnswer<AnyTags> & Partial<LibraryTextSearchAnswer<AnyTags>>;

/** Searches a library by a file, a text, both, or a stored picture; what it found as text, or as JSON. */
export async function searchLibrary(
  client: ImageSearchClient,
  file: string | undefined,
  options: SearchOptions,
): Promise<string> {
  const answer = await search(client.library(options.library ?? ''), file, options);
  return options.json ? JSON.stringify(answer, null, 2) : answerText(answer);
}

function search(
  library: Library,
  file: string | undefined,
  options: SearchOptions,
): Promise<Answer> {
  const { name, text, imageWeight, textWeight } = options;
  refuseOptionsOfInstances(options);
  const ranking = rankingOf(options);
  if (file !== undefined && text !== undefined && name === undefined) {
    const query = { image: fromFile(file), queryText: text, ...given({ imageWeight, textWeight }) };
    return library.searchByImageAndText({ ...query, ...ranking });
  }
  refuseUnused('A search by one thing', {
    '--image-weight': imageWeight,
    '--text-weight': textWeight,
  });
  if ([file, name, text].filter((query) => query !== undefined).length !== 1) {
    throw new UsageError('Search by a file, by --text, by both of these, or by --name.');
  }
  if (file !== undefined) return library.searchByImage({ image: fromFile(file), ...ranking });
  if (text !== undefined) return library.searchByText({ queryText: text, ...ranking });
  const [imageId, imageUri] = readStoredName(name ?? []);
  return library.similar({ imageId, imageUri, ...ranking });
}

function refuseOptionsOfInstances({ filter, category, region, crop }: SearchOptions): void {
  const unused = { '--filter': filter, '--category': category, '--region': region };
  refuseUnused('A search of a library', { ...unused, '--no-crop': !crop });
}

function rankingOf(options: SearchOptions): LibrarySearchOptions<AnyTags> {
  const { num: topK, start, scoreThreshold, distinct } = options;
  const tagFilter = filterOf(options);
  const ranking = given({ topK, start, scoreThreshold, distinct, tagFilter });
  return { ...ranking, returnFrame: false };
}

/** All of it has to pass. */
function filterOf({ tag = [], tagFilter }: SearchOptions): TagFilter | undefined {
  const filters = tagFilter === undefined ? tag : [...tag, tagFilter];
  return filters.length === 0 ? undefined : filters;
}

function answerText({ results, total, matchedBy, unknownWords }: Answer): string {
  const rows = results.map(({ score, imageId, imageUri, tags }, index) => [
    index + 1,
    score.toFixed(4),
    imageId,
    imageUri,
    formatTags(tags),
  ]);
  const table = formatTable(['', 'score', 'image_id', 'image_uri', 'tags'], rows);
  const matched = matchedBy === undefined ? '' : `, matched by ${matchedBy}`;
  const unknown = unknownWords === undefined ? '' : `; not known: ${unknownWords.join(', ')}`;
  return `${table}\n${results.length} of ${total} found${matched}${unknown}`;
}
