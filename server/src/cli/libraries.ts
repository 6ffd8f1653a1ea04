import type { ImageSearchClient, LibraryInfo } from '@likeness/sdk';
import { LIBRARY_MODES } from '@likeness/shared/api';
import type { LibraryMode } from '@likeness/shared/api';
import { Option } from 'commander';
import type { Command } from 'commander';

import { addConnectionOptions, connectToLibraries } from './connection-options.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { reporting } from './failures.ts';
import { given } from './given.ts';
import { formatSheet, formatTable } from './table.ts';
import { processTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';

type CreateOptions = ConnectionOptions & {
  readonly mode: LibraryMode;
  readonly description?: string;
};
type UpdateOptions = ConnectionOptions & { readonly description: string };
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

  add('create <name>', 'create an image library')
    .addOption(
      new Option('--mode <mode>', 'what it looks at, for good: items, whole pictures, or either')
        .choices(LIBRARY_MODES)
        .makeOptionMandatory(),
    )
    .option('--description <text>', 'for people')
    .action((name: string, options: CreateOptions) =>
      run(
        options,
        (client) => {
          const { mode, description } = options;
          return client.library(name).create({ mode, ...given({ description }) });
        },
        ({ libraryName, mode }) => `created ${libraryName} (${mode})`,
      ),
    );

  add('list', 'list the image libraries')
    .option('--prefix <text>', 'only those whose names begin so')
    .action((options: ListOptions) => run(options, (client) => listAll(client, options), table));

  add('info <name>', 'show one image library').action((name: string, options: ConnectionOptions) =>
    run(options, (client) => client.library(name).info(), sheet),
  );

  add('update <name>', 'change the description of an image library')
    .requiredOption('--description <text>', 'for people')
    .action((name: string, options: UpdateOptions) =>
      run(
        options,
        (client) => client.library(name).configure({ description: options.description }),
        sheet,
      ),
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

async function listAll(client: ImageSearchClient, { prefix }: ListOptions): Promise<LibraryInfo[]> {
  const libraries: LibraryInfo[] = [];
  const found = client.libraries.listAll(given({ namePrefix: prefix }));
  for await (const library of found) libraries.push(library);
  return libraries;
}

function table(libraries: readonly LibraryInfo[]): string {
  const rows = libraries.map(({ libraryName, mode, imageCount, description }) => [
    libraryName,
    mode,
    imageCount,
    description,
  ]);
  return formatTable(['name', 'mode', 'pictures', 'description'], rows);
}

function sheet({ imageCount, storedBytes, textLanguages, ...library }: LibraryInfo): string {
  return formatSheet({
    name: library.libraryName,
    mode: library.mode,
    description: library.description,
    pictures: String(imageCount),
    stored: `${(storedBytes / 1024 ** 2).toFixed(1)} MiB`,
    'searched by text in': textLanguages.join(', ') || 'no language',
    created: library.createdAt,
    updated: library.updatedAt,
  });
}
