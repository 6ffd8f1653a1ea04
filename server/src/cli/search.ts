import type { Command } from 'commander';

import { addConnectionOptions, connect, connectToLibraries } from './connection-options.ts';
import { reporting, UsageError } from './failures.ts';
import { parseCategory, parseNumber, parseWhole } from './option-values.ts';
import { searchInstance } from './search-instance.ts';
import { searchLibrary } from './search-library.ts';
import type { SearchOptions } from './search-options.ts';
import { collectCondition, parseTagFilter } from './tag-values.ts';
import { processTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** `likeness search FILE | --name … | --text WORDS | --filter TEXT --instance NAME`, and the same of `--library NAME`. */
export function registerSearch(program: Command, terminal: Terminal = processTerminal): void {
  const command = program
    .command('search [file]')
    .description('search by a picture, a stored picture, a text, a picture and a text, or a filter')
    .option('--instance <name>', 'the instance to search')
    .option('--library <name>', 'or the image library')
    .option('--name <product-and-picture...>', 'search by a stored picture: its product, its name')
    .option('--text <words>', 'search by what is seen, such as "red running shoes"')
    .option('--num <number>', 'hits wanted, 1 to 100', parseWhole)
    .option('--start <number>', 'hits left out before the first, 0 to 499', parseWhole)
    .option(
      '--score-threshold <score>',
      'only hits with at least this score, 0.00 to 1.00',
      parseNumber,
    )
    .option('--distinct', 'one hit a product');
  command
    .optionsGroup('Instances:')
    .option(
      '--filter <text>',
      'only pictures that pass, such as \'int_attr >= 5 and str_attr = "a"\'',
    )
    .option('--category <id>', 'number or name (default: predicted; of a text: all)', parseCategory)
    .option('--region <box>', 'x1,x2,y1,y2 in pixels of the picture')
    .option('--no-crop', 'compare the whole picture, not its subject');
  command
    .optionsGroup('Image libraries:')
    .option(
      '--tag <test>',
      'only tags that pass, such as color=white; repeatable',
      collectCondition,
    )
    .option('--tag-filter <json>', 'only tags that pass, as the API says it', parseTagFilter)
    .option(
      '--image-weight <number>',
      'of a picture and a text: what the picture counts',
      parseNumber,
    )
    .option('--text-weight <number>', 'of a picture and a text: what the text counts', parseNumber);
  addConnectionOptions(command.optionsGroup('Options:')).action(
    reporting(terminal, async (file: string | undefined, options: SearchOptions) => {
      terminal.print(await search(file, options));
    }),
  );
}

async function search(file: string | undefined, options: SearchOptions): Promise<string> {
  const { instance, library } = options;
  if ((instance === undefined) === (library === undefined)) {
    throw new UsageError('Name what to search: --instance or --library.');
  }
  return library === undefined
    ? searchInstance(await connect(options), file, options)
    : searchLibrary(await connectToLibraries(options), file, options);
}
