import { ImageSearchClient } from '@likeness/sdk';
import type { ClientOptions } from '@likeness/sdk';
import type { Credentials } from '@likeness/shared/signing';
import { Option } from 'commander';
import type { Command } from 'commander';

import { UsageError } from './failures.ts';
import { readStoredKey } from './stored-key.ts';

/** Which server a command talks to, and as whom. */
export interface ConnectionOptions {
  readonly endpoint: string;
  readonly accessKeyId?: string;
  readonly accessKeySecret?: string;
  readonly dataDir: string;
  readonly masterKey?: string;
  readonly json?: true;
}

/** Adds the options every client command has. Each may also stand in the environment. */
export function addConnectionOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--endpoint <url>', 'the server')
        .env('LIKENESS_ENDPOINT')
        .default('http://127.0.0.1:8000'),
    )
    .addOption(new Option('--access-key-id <id>', 'the key').env('LIKENESS_ACCESS_KEY_ID'))
    .addOption(
      new Option('--access-key-secret <secret>', 'its secret').env('LIKENESS_ACCESS_KEY_SECRET'),
    )
    .addOption(
      new Option('--data-dir <folder>', 'where the root key is read when no key is given')
        .env('LIKENESS_DATA_DIR')
        .default('./likeness-data'),
    )
    .addOption(
      new Option(
        '--master-key <digits>',
        'opens the root key, if no file beside the folder does',
      ).env('LIKENESS_MASTER_KEY'),
    )
    .option('--json', 'print the answer as JSON');
}

/** @throws {UsageError} when there is no key, given or to be found, or the endpoint is none. */
export async function connect(options: ConnectionOptions): Promise<ImageSearchClient> {
  const { endpoint, dataDir } = options;
  const key = await findKey(options);
  if (key === undefined) {
    throw new UsageError(
      `No access key: set LIKENESS_ACCESS_KEY_ID and LIKENESS_ACCESS_KEY_SECRET, or --data-dir to the folder of a server (${dataDir} holds no readable root key).`,
    );
  }
  return openClient({ endpoint, ...key });
}

/**
 * The same without a key where there is none: of who may ask about libraries the server decides, and may let in
 * whoever is on its own machine.
 *
 * @throws {UsageError} when the endpoint is none.
 */
export async function connectToLibraries(options: ConnectionOptions): Promise<ImageSearchClient> {
  return openClient({ endpoint: options.endpoint, ...(await findKey(options)) });
}

async function findKey(options: ConnectionOptions): Promise<Credentials | undefined> {
  const { accessKeyId, accessKeySecret, dataDir, masterKey } = options;
  return accessKeyId && accessKeySecret
    ? { accessKeyId, accessKeySecret }
    : readStoredKey(dataDir, masterKey);
}

function openClient(options: ClientOptions): ImageSearchClient {
  try {
    return new ImageSearchClient(options);
  } catch (failure) {
    if (failure instanceof TypeError) throw new UsageError(failure.message);
    throw failure;
  }
}
