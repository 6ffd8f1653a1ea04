import type { ImageSearchClient, SearchImageResponse, StoredAuction } from '@likeness/sdk';
import { fromFile } from '@likeness/sdk/node';
import { ATTRIBUTES, CATEGORIES, fromWireName } from '@likeness/shared/api';
import type { Command } from 'commander';

import { addConnectionOptions, connect } from './connection-options.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { reporting, UsageError } from './failures.ts';
import { given } from './given.ts';
import { parseCategory, parseWhole } from './option-values.ts';
import { formatTable } from './table.ts';
import { processTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';

interface SearchOptions extends ConnectionOptions {
  readonly instance: string;
  readonly name?: readonly string[];
  readonly text?: string;
  readonly filter?: string;
  readonly num?: number;
  readonly start?: number;
  readonly scoreThreshold?: string;
  readonly category?: number;
  readonly region?: string;
  readonly distinct?: true;
  readonly crop: boolean;
}

interface ImageKey {
  readonly productId: string;
  readonly picName: string;
}

/** A search by filter has no score for each hit, one by text has seen no region. */
type Answer = Pick<SearchImageResponse, 'head'> & {
  readonly picInfo?: Partial<SearchImageResponse['picInfo']>;
  readonly auctions: readonly (StoredAuction & { readonly score?: number })[];
};

/** `likeness search FILE | --name PRODUCT PIC | --text WORDS | --filter TEXT --instance NAME`. */
export function registerSearch(program: Command, terminal: Terminal = processTerminal): void {
  const command = program
    .command('search [file]')
    .description('search an instance by a picture, a stored picture, a text, or a filter alone')
    .requiredOption('--instance <name>', 'the instance')
    .option('--name <product-and-picture...>', 'search by a stored picture: its product, its name')
    .option('--text <words>', 'search by what is seen, such as "red running shoes"')
    .option(
      '--filter <text>',
      'only pictures that pass, such as \'int_attr >= 5 and str_attr = "a"\'',
    )
    .option('--num <number>', 'hits wanted, 1 to 100', parseWhole)
    .option('--start <number>', 'hits left out before the first, 0 to 499', parseWhole)
    .option('--score-threshold <score>', 'only hits with at least this score, 0.00 to 1.00')
    .option('--category <id>', 'number or name (default: predicted; of a text: all)', parseCategory)
    .option('--region <box>', 'x1,x2,y1,y2 in pixels of the picture')
    .option('--distinct', 'one hit a product')
    .option('--no-crop', 'compare the whole picture, not its subject');
  addConnectionOptions(command).action(
    reporting(terminal, async (file: string | undefined, options: SearchOptions) => {
      const answer = await search(await connect(options), file, options);
      terminal.print(options.json ? JSON.stringify(answer, null, 2) : answerText(answer));
    }),
  );
}

function search(
  client: ImageSearchClient,
  file: string | undefined,
  options: SearchOptions,
): Promise<Answer> {
  const { instance: instanceName, name, text, filter, num, start, crop, region } = options;
  refuseTwo(file, name, text);
  if (file !== undefined) {
    const picture = { picContent: fromFile(file), crop, ...given({ region }) };
    return client.searchImageByPic({ instanceName, ...picture, ...rankingOf(options) });
  }
  if (name !== undefined) {
    refuseUnused('by --name', { '--region': region, '--no-crop': !crop });
    return client.searchImageByName({ instanceName, ...keyOf(name), ...rankingOf(options) });
  }
  if (text !== undefined) {
    refuseUnused('by --text', { '--region': region, '--no-crop': !crop });
    return client.searchImageByText({ instanceName, text, ...rankingOf(options) });
  }
  if (filter === undefined) {
    throw new UsageError('Search by a file, by --name, by --text or by --filter.');
  }
  refuseUnused('by --filter alone', {
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

/** An option that changes nothing would look as if it had. */
function refuseUnused(search: string, values: Readonly<Record<string, unknown>>): void {
  const unused = Object.keys(values).filter(
    (option) => values[option] !== undefined && values[option] !== false,
  );
  if (unused.length > 0) {
    throw new UsageError(`A search ${search} has no use for ${unused.join(', ')}.`);
  }
}

function rankingOf({ filter, num, start, scoreThreshold, category, distinct }: SearchOptions) {
  const ranking = { filter, num, start, scoreThreshold };
  return given({ ...ranking, categoryId: category, distinctProductId: distinct });
}

function keyOf([productId, picName, ...more]: readonly string[]): ImageKey {
  if (productId !== undefined && picName !== undefined && more.length === 0) {
    return { productId, picName };
  }
  throw new UsageError('--name takes two values: the product, and the name of its picture.');
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
