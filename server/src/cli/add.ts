import { ApiError } from '@likeness/sdk';
import type { AddImageRequest, ImageSearchClient } from '@likeness/sdk';
import { fromFile } from '@likeness/sdk/node';
import { ATTRIBUTES } from '@likeness/shared/api';
import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import pLimit from 'p-limit';

import { addConnectionOptions, connect } from './connection-options.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { describeFailure, isFileError, reporting } from './failures.ts';
import { given } from './given.ts';
import { findImageFiles } from './image-files.ts';
import type { ImageFile, KeyOptions } from './image-files.ts';
import { parseCategory, parseWhole } from './option-values.ts';
import { processTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';

type Shared = Omit<AddImageRequest, 'instanceName' | 'productId' | 'picName' | 'picContent'>;

interface AddOptions extends ConnectionOptions, KeyOptions, Omit<Shared, 'categoryId'> {
  readonly instance: string;
  readonly category?: number;
  readonly concurrency: number;
}

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
  'IncorrectOrientation',
  'InvalidPicContent',
  'InvalidPicName',
  'InvalidProductId',
  'InvalidRegion',
  'UnsupportedPicFormat',
  'UnsupportedPicPixels',
]);

/** `likeness add FILE… --instance NAME`. */
export function registerAdd(program: Command, terminal: Terminal = processTerminal): void {
  const command = program
    .command('add <files...>')
    .description('add pictures, and all pictures in folders, to an instance')
    .requiredOption('--instance <name>', 'the instance')
    .option('--product-id <id>', "the product (default: each file's name without its extension)")
    .option('--pic-name <name>', "the picture (default: the file's path in the folder named)")
    .option('--category <id>', 'number or name (default: predicted)', parseCategory)
    .option('--region <box>', 'x1,x2,y1,y2 in pixels of the picture')
    .option('--no-crop', 'take the whole picture, not its subject')
    .option('--custom-content <text>', 'returned with every hit')
    .option('--concurrency <number>', 'pictures at a time', parseWhole, DEFAULT_CONCURRENCY);
  for (const { name, kind } of ATTRIBUTES) {
    const flag = `--${name.replace('_', '-')}`;
    if (kind === 'int') command.option(`${flag} <number>`, 'to filter by', parseWhole);
    else command.option(`${flag} <text>`, 'to filter by');
  }
  addConnectionOptions(command).action(
    reporting(terminal, async (paths: string[], options: AddOptions) => {
      const client = await connect(options);
      const files = await findImageFiles(paths, options);
      const run: Run = { options, terminal, added: [], failed: [] };
      try {
        await addAll(client, files, run);
      } finally {
        report(run);
      }
    }),
  );
}

async function addAll(
  client: ImageSearchClient,
  files: readonly ImageFile[],
  { options, terminal, added, failed }: Run,
): Promise<void> {
  const limit = pLimit(Math.max(1, options.concurrency));
  const bar = terminal.isWatched ? startBar(files.length) : undefined;
  try {
    await limit.map(files, async (file) => {
      try {
        await client.addImage({
          instanceName: options.instance,
          productId: file.productId,
          picName: file.picName,
          picContent: fromFile(file.path),
          ...sharedFields(options),
        });
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

/** What all the pictures have in common. */
function sharedFields(options: AddOptions): Shared {
  const { category, region, crop, customContent } = options;
  const { intAttr, intAttr2, intAttr3, intAttr4, strAttr, strAttr2, strAttr3, strAttr4 } = options;
  const framing = { categoryId: category, region, crop };
  const integers = { intAttr, intAttr2, intAttr3, intAttr4 };
  const texts = { strAttr, strAttr2, strAttr3, strAttr4 };
  return given({ ...framing, customContent, ...integers, ...texts });
}

function isFaultOfOnePicture(failure: unknown): boolean {
  return isFileError(failure) || (ApiError.is(failure) && FAULTS_OF_ONE_PICTURE.has(failure.code));
}

function report({ options, terminal, added, failed }: Run): void {
  for (const { path, reason } of failed) terminal.complain(`${path}: ${reason}`);
  if (failed.length > 0) terminal.fail();
  if (options.json) return terminal.print(JSON.stringify({ added, failed }, null, 2));
  const pictures = added.length === 1 ? 'picture' : 'pictures';
  terminal.print(`added ${added.length} ${pictures} to ${options.instance}`);
}
