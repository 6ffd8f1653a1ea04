import type { ImageSearchClient, LibraryInfo } from '@likeness/sdk';
import { LIBRARY_MODES } from '@likeness/shared/api';
import type { LibraryMode } from '@likeness/shared/api';
import { Option } from 'commander';
import type { Command } from 'commander';

import { addConnectionOptions, connectToLibraries } from './connection-options.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { reporting } from './failures.ts';
import { given } from './given.ts';
import { addRateOptions, ratesOf, tellRates } from './rate-options.ts';
import type { RateOptions } from './rate-options.ts';
import { formatSheet, formatTable } from './table.ts';
import { processTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';

interface Settings extends RateOptions {
  readonly description?: string;
}
type CreateOptions = ConnectionOptions & Settings & { readonly mode: LibraryMode };
type UpdateOptions = ConnectionOptions & Settings;
type ListOptions = ConnectionOptions & { readonly prefix?: string };

/** `likeness libraries create | list | info | update | delete`. */
export function registerLibraries(program: Command, terminal: Terminal = processTerminal): void {
  const libraries = program
    .command('libraries')
    .description('create and manage the image libraries of the operator API');
  const add = (nameAndArguments: string, description: string): Command =>
    addConnectionOptions(libraries.command(nameAndArguments).description(description));
  const run = <Answer>(
    options: ConnectionOptions,
    ask: (client: ImageSearchClient) => Promise<Answer>,
    show: (answer: Answer) => string,
  ): Promise<void> =>
    reporting(terminal, async () => {
      const answer = await ask(await connectToLibraries(options));
      terminal.print(options.json ? JSON.stringify(answer, null, 2) : show(answer));
    })();

  addSettings(add('create <name>', 'create an image library'))
    .addOption(
      new Option('--mode <mode>', 'what it looks at, for good: items, whole pictures, or either')
        .choices(LIBRARY_MODES)
        .makeOptionMandatory(),
    )
    .action((name: string, options: CreateOptions) =>
      run(
        options,
        (client) => client.library(name).create({ mode: options.mode, ...settingsOf(options) }),
        ({ libraryName, mode }) => `created ${libraryName} (${mode})`,
      ),
    );

  add('list', 'list the image libraries')
    .option('--prefix <text>', 'only those whose names begin so')
    .action((options: ListOptions) => run(options, (client) => listAll(client, options), table));

  add('info <name>', 'show one image library').action((name: string, options: ConnectionOptions) =>
    run(options, (client) => client.library(name).info(), sheet),
  );

  addSettings(add('update <name>', 'change settings of an image library')).action(
    (name: string, options: UpdateOptions) =>
      run(options, (client) => client.library(name).configure(settingsOf(options)), sheet),
  );

  add('delete <name>', 'remove an image library with all its pictures').action(
    (name: string, options: ConnectionOptions) =>
      run(
        options,
        (client) => client.library(name).delete(),
        ({ deletedImages }) => `deleted ${name} with ${deletedImages} pictures`,
      ),
  );
}

function addSettings(command: Command): Command {
  return addRateOptions(command.option('--description <text>', 'for people'));
}

function settingsOf(settings: Settings): Settings {
  const { description } = settings;
  return { ...ratesOf(settings), ...given({ description }) };
}

async function listAll(client: ImageSearchClient, { prefix }: ListOptions): Promise<LibraryInfo[]> {
  const libraries: LibraryInfo[] = [];
  const found = client.libraries.listAll(given({ namePrefix: prefix }));
  for await (const library of found) libraries.push(library);
  return libraries;
}

function table(libraries: readonly LibraryInfo[]): string {
  const rows = libraries.map(({ libraryName, mode, status, imageCount, description }) => [
    libraryName,
    mode,
    status,
    imageCount,
    description,
  ]);
  return formatTable(['name', 'mode', 'status', 'pictures', 'description'], rows);
}

function sheet(library: LibraryInfo): string {
  const { imageCount, capacity, unembeddedCount, storedBytes, textLanguages } = library;
  return formatSheet({
    name: library.libraryName,
    mode: library.mode,
    status: library.status,
    description: library.description,
    pictures: `${imageCount} of ${capacity}`,
    ...(unembeddedCount > 0 && { 'not found by searches': String(unembeddedCount) }),
    stored: `${(storedBytes / 1024 ** 2).toFixed(1)} MiB`,
    'searched by text in': textLanguages.join(', ') || 'no language',
    ...tellRates(library),
    created: library.createdAt,
    updated: library.updatedAt,
  });
}
