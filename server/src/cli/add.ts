import { ApiError } from '@likeness/sdk';
import { ATTRIBUTES } from '@likeness/shared/api';
import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import pLimit from 'p-limit';

import type { AddOptions, AddPicture } from './add-options.ts';
import { addToInstance } from './add-to-instance.ts';
import { addToLibrary } from './add-to-library.ts';
import { addConnectionOptions, connect, connectToLibraries } from './connection-options.ts';
import { describeFailure, isFileError, reporting, UsageError } from './failures.ts';
import { findImageFiles } from './image-files.ts';
import type { ImageFile } from './image-files.ts';
import { parseCategory, parseWhole } from './option-values.ts';
import { collectTag } from './tag-values.ts';
import { processTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** One run of the command, and what has become of its pictures so far. */
interface Run {
  readonly options: AddOptions;
  readonly terminal: Terminal;
  readonly added: ImageFile[];
  readonly failed: { readonly path: string; readonly reason: string }[];
}

const DEFAULT_CONCURRENCY = 4;

/** Refusals that are about one picture; the next one may well be taken. Any other ends the run. */
const FAULTS_OF_ONE_PICTURE = new Set([
  'INVALID_IMAGE',
  'IncorrectOrientation',
  'InvalidPicContent',
  'InvalidPicName',
  'InvalidProductId',
  'InvalidRegion',
  'NO_ITEM_DETECTED',
  'UnsupportedPicFormat',
  'UnsupportedPicPixels',
]);

/** `likeness add FILE… --instance NAME`, or `--library NAME`. */
export function registerAdd(program: Command, terminal: Terminal = processTerminal): void {
  const command = program
    .command('add <files...>')
    .description('add pictures, and all pictures in folders, to an instance or an image library')
    .option('--instance <name>', 'the instance')
    .option('--library <name>', 'or the image library')
    .option('--product-id <id>', "product, image_id (default: each file's name, no extension)")
    .option(
      '--pic-name <name>',
      "picture, image_uri (default: the file's path in the folder named)",
    )
    .option('--concurrency <number>', 'pictures at a time', parseWhole, DEFAULT_CONCURRENCY);
  command
    .optionsGroup('Instances:')
    .option('--category <id>', 'number or name (default: predicted)', parseCategory)
    .option('--region <box>', 'x1,x2,y1,y2 in pixels of the picture')
    .option('--no-crop', 'take the whole picture, not its subject')
    .option('--custom-content <text>', 'returned with every hit');
  for (const { name, kind } of ATTRIBUTES) {
    const flag = `--${name.replace('_', '-')}`;
    if (kind === 'int') command.option(`${flag} <number>`, 'to filter by', parseWhole);
    else command.option(`${flag} <text>`, 'to filter by');
  }
  command
    .optionsGroup('Image libraries:')
    .option('--tag <name=value>', 'to filter by, such as color=white; repeatable', collectTag)
    .option('--no-save-image', 'keep what is needed to find the picture, not the picture')
    .optionsGroup('Options:');
  addConnectionOptions(command).action(
    reporting(terminal, async (paths: string[], options: AddOptions) => {
      const add = await chooseTarget(options);
      const files = await findImageFiles(paths, options);
      const run: Run = { options, terminal, added: [], failed: [] };
      try {
        await addAll(add, files, run);
      } finally {
        report(run);
      }
    }),
  );
}

async function chooseTarget(options: AddOptions): Promise<AddPicture> {
  const { instance, library } = options;
  if (instance !== undefined && library === undefined) {
    return addToInstance(await connect(options), instance, options);
  }
  if (library !== undefined && instance === undefined) {
    return addToLibrary(await connectToLibraries(options), library, options);
  }
  throw new UsageError('Name where to add: --instance or --library.');
}

async function addAll(
  add: AddPicture,
  files: readonly ImageFile[],
  { options, terminal, added, failed }: Run,
): Promise<void> {
  const limit = pLimit(Math.max(1, options.concurrency));
  const bar = terminal.isWatched ? startBar(files.length) : undefined;
  try {
    await limit.map(files, async (file) => {
      try {
        await add(file);
        added.push(file);
      } catch (failure) {
        if (!isFaultOfOnePicture(failure)) throw failure;
        failed.push({ path: file.path, reason: describeFailure(failure) });
      }
      bar?.increment();
    });
  } finally {
    limit.clearQueue();
    bar?.stop();
  }
}

function startBar(total: number): SingleBar {
  const bar = new SingleBar({ format: '{bar} {value}/{total}, {eta_formatted} to go' });
  bar.start(total, 0);
  return bar;
}

function isFaultOfOnePicture(failure: unknown): boolean {
  return isFileError(failure) || (ApiError.is(failure) && FAULTS_OF_ONE_PICTURE.has(failure.code));
}

function report({ options, terminal, added, failed }: Run): void {
  for (const { path, reason } of failed) terminal.complain(`${path}: ${reason}`);
  if (failed.length > 0) terminal.fail();
  if (options.json) return terminal.print(JSON.stringify({ added, failed }, null, 2));
  const pictures = added.length === 1 ? 'picture' : 'pictures';
  terminal.print(`added ${added.length} ${pictures} to ${options.instance ?? options.library}`);
}
