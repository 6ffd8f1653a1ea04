/** The command line. */
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** What `--help` prints. */
export const HELP = `Usage: npm run evaluate -- --data FOLDER [options]

Starts Likeness with its embedded pack, asks it through the SDK, and prints every figure as a table.

  --data FOLDER          holds eval/ and train/ (and weights/, for --reference)
  --reference FILE       an ONNX picture network that the same pictures are asked of
  --composites FOLDER    what server/training/subject/composites.py made
  --grocery-classes FILE one class a line: the groceries' figures once more with these classes alone
  --cache FOLDER         keeps the distorted copies from run to run; default: in the temporary folder
  --python FILE          a Python with Pillow and numpy, to make them; default python3
  --server FOLDER        another built copy of server/, with another pack in models/lite
  --only NAME,…          some groups of rows: GROUPS
  --sample N             the first N pictures of each split: a quick look, no figures to show
  --add-to FILE          joins the figures of an earlier --json of the same pack
  --out FILE             writes the table too
  --json FILE            writes the figures as JSON
  --help                 prints this
`;

const EMBEDDED_SERVER = fileURLToPath(new URL('../..', import.meta.url));

/** @returns undefined where help is asked for */
export function readOptions(args, groups) {
  const { values } = parseArgs({
    args,
    options: {
      ...textOptions('data', 'reference', 'composites', 'grocery-classes', 'cache', 'server'),
      ...textOptions('python', 'only', 'sample', 'out', 'json', 'add-to'),
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  if (values.data === undefined) throw new TypeError('--data is missing; --help tells more');
  const only = values.only?.split(',') ?? groups;
  const unknown = only.filter((name) => !groups.includes(name));
  if (unknown.length > 0) throw new TypeError(`--only knows ${groups.join(', ')}, not ${unknown}`);
  return {
    ...values,
    only,
    evalFolder: join(resolve(values.data), 'eval'),
    trainFolder: join(resolve(values.data), 'train'),
    cache: resolve(values.cache ?? join(tmpdir(), 'likeness-evaluate-cache')),
    python: values.python ?? 'python3',
    serverFolder: resolve(values.server ?? EMBEDDED_SERVER),
    addTo: values['add-to'],
    groceryClasses: values['grocery-classes'],
    sample: values.sample === undefined ? undefined : Number(values.sample),
  };
}

function textOptions(...names) {
  return Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
}
