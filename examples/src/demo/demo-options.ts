import { parseArgs } from 'node:util';

/** What the demo is asked to do. */
export interface DemoOptions {
  /** Stay up after the searches, until Ctrl-C. */
  readonly keep: boolean;
  /** The user's own pictures, in place of the sample catalogue. */
  readonly pictures?: string;
}

/** What `--help` prints. */
export const HELP = `Usage: npm run demo -- [options]

Starts Likeness on a free port of this machine with a temporary data folder, imports the sample
catalogue, searches it, and writes one HTML page that shows every query beside its hits.

  --keep             stay up, and print endpoint and keys, until Ctrl-C
  --pictures FOLDER  use your own pictures: each file is a product named by its file; the files of
                     a folder inside are views of one product, named by that folder
  --help             print this
`;

/**
 * Reads the command line.
 *
 * @returns undefined where help is asked for
 * @throws what `parseArgs` throws for an option it does not know
 */
export function readOptions(args: readonly string[]): DemoOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      keep: { type: 'boolean', default: false },
      pictures: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const { keep, pictures } = values;
  return pictures === undefined ? { keep } : { keep, pictures };
}
