import type { ImageSearchClient, SearchImageResponse, StoredAuction } from '@likeness/sdk';
import { fromFile } from '@likeness/sdk/node';
import { ATTRIBUTES, CATEGORIES, fromWireName } from '@likeness/shared/api';

import { refuseUnused, UsageError } from './failures.ts';
import { given } from './given.ts';
import { readStoredName } from './search-options.ts';
import type { SearchOptions } from './search-options.ts';
import { formatTable } from './table.ts';

interface ImageKey {
  readonly productId: string;
  readonly picName: string;
}

/** A search by filter has no score for each hit, one by text has seen no region. */
type Answer = Pick<SearchImageResponse, 'head'> & {
  readonly picInfo?: Partial<SearchImageResponse['picInfo']>;
  readonly auctions: readonly (StoredAuction & { readonly score?: number })[];
};

/** Searches an instance by a file, a stored picture, a text or a filter alone; what it found as text. */
export async function searchInstance(
  client: ImageSearchClient,
  file: string | undefined,
  options: SearchOptions,
): Promise<string> {
  const answer = await search(client, file, options);
  return options.json ? JSON.stringify(answer, null, 2) : answerText(answer);
}

function search(
  client: ImageSearchClient,
  file: string | undefined,
  options: SearchOptions,
): Promise<Answer> {
  const { instance: instanceName = '', name, text, filter, num, start, crop, region } = options;
  refuseTwo(file, name, text);
  refuseUnused('A search of an instance', {
    '--tag': options.tag,
    '--tag-filter': options.tagFilter,
    '--image-weight': options.imageWeight,
    '--text-weight': options.textWeight,
  });
  if (file !== undefined) {
    const picture = { picContent: fromFile(file), crop, ...given({ region }) };
    return client.searchImageByPic({ instanceName, ...picture, ...rankingOf(options) });
  }
  if (name !== undefined) {
    refuseUnused('A search by --name', { '--region': region, '--no-crop': !crop });
    return client.searchImageByName({ instanceName, ...keyOf(name), ...rankingOf(options) });
  }
  if (text !== undefined) {
    refuseUnused('A search by --text', { '--region': region, '--no-crop': !crop });
    return client.searchImageByText({ instanceName, text, ...rankingOf(options) });
  }
  if (filter === undefined) {
    throw new UsageError('Search by a file, by --name, by --text or by --filter.');
  }
  refuseUnused('A search by --filter alone', {
    '--region': region,
    '--no-crop': !crop,
    '--score-threshold': options.scoreThreshold,
    '--category': options.category,
    '--distinct': options.distinct,
  });
  return client.searchImageByFilter({ instanceName, filter, ...given({ num, start }) });
}

function refuseTwo(...queries: readonly unknown[]): void {
  if (queries.filter((query) => query !== undefined).length > 1) {
    throw new UsageError('Search by a file, by --name or by --text, not by two of them.');
  }
}

function rankingOf({ filter, num, start, scoreThreshold, category, distinct }: SearchOptions) {
  const ranking = { filter, num, start, scoreThreshold };
  return given({ ...ranking, categoryId: category, distinctProductId: distinct });
}

function keyOf(name: readonly string[]): ImageKey {
  const [productId, picName] = readStoredName(name);
  return { productId, picName };
}

const COLUMNS = ['', 'score', 'product', 'picture', 'category', 'attributes', 'content'];

function answerText({ head, picInfo, auctions }: Answer): string {
  const rows = auctions.map((hit, index) => {
    const { score, productId, picName, categoryId, customContent } = hit;
    const category = categoryName(categoryId);
    const shownScore = score?.toFixed(4) ?? '';
    return [
      index + 1,
      shownScore,
      productId,
      picName,
      category,
      attributesText(hit),
      customContent,
    ];
  });
  const found = `${head.docsReturn} of ${head.docsFound} found, ${head.searchMode}, ${head.searchTime} ms`;
  return `${formatTable(COLUMNS, rows)}\n${found}${seenText(picInfo)}`;
}

function seenText({ categoryId, region }: NonNullable<Answer['picInfo']> = {}): string {
  if (categoryId === undefined || region === undefined) return '';
  return `; looked at: ${categoryName(categoryId)}, region ${region}`;
}

function categoryName(id: number): string {
  return CATEGORIES.find((category) => category.id === id)?.name ?? String(id);
}

/** Those that are set: 0 and `""` are what an unset one reads as. */
function attributesText(hit: StoredAuction): string {
  const values = new Map<string, unknown>(Object.entries(hit));
  return ATTRIBUTES.map(({ wire, name }) => [name, values.get(fromWireName(wire))] as const)
    .filter(([, value]) => value !== 0 && value !== '' && value !== undefined)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');
}
