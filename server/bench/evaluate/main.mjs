/**
 * Measures what the embedded pack sees, through a running server and the SDK, as one table. See ../README.md.
 *
 *     npm run evaluate -- --data ../shared/data --reference ../shared/data/weights/mobilenet_v2_1.0_224_coral_fp32.onnx
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';

import { loadContext } from './context.mjs';
import { listGroups, PACK_GROUPS } from './groups.mjs';
import { ASKINGS, Instance } from './instance.mjs';
import { HELP, readOptions } from './options.mjs';
import { Library } from './library.mjs';
import { measureGraphs, measureSize } from './pack.mjs';
import { openReference, Reference } from './reference.mjs';
import { formatReport } from './report.mjs';
import { launchServer } from './server.mjs';
import { summarize } from './statistics.mjs';

const GROUP_NAMES = [...Object.keys(listGroups(new Set())), ...PACK_GROUPS];

// So that an interrupted run ends its server too.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

const options = readOptions(process.argv.slice(2), GROUP_NAMES);
if (options === undefined) console.log(HELP.replace('GROUPS', GROUP_NAMES.join(', ')));
else await evaluate(options);

async function evaluate({ only, serverFolder, reference, out, json, sample, addTo }) {
  const started = performance.now();
  const packFolder = join(serverFolder, 'models', 'lite');
  const pack = await describePack(packFolder);
  const earlier = addTo === undefined ? undefined : await readFigures(addTo, pack);
  const context = await loadContext(options);
  const figures = context.groups.length > 0 ? await askEveryone(context) : [];
  if (only.includes('time')) figures.push(...(await measureGraphs(packFolder, reference)));
  if (only.includes('size')) figures.push(...(await measureSize(packFolder)));
  const minutes = (performance.now() - started) / 60_000 + (earlier?.minutes ?? 0);
  const run = { pack, minutes, figures: joinFigures(earlier?.figures ?? [], figures) };
  const report = formatReport(run.figures, headingOf(run, sample));
  console.log(report);
  if (out !== undefined) await writeFile(out, report);
  if (json !== undefined) await writeFile(json, `${JSON.stringify(run, undefined, 2)}\n`);
}

/** Fills the instances, asks them in turn, and the reference last. */
async function askEveryone(context) {
  const { client, stop } = await launchServer(options.serverFolder);
  const refused = new Set();
  try {
    const figures = [];
    const instances = ASKINGS.map((asking) => new Instance(client, asking));
    for (const ranker of [...instances, new Library(client, instances[0])]) {
      figures.push(...(await askOne(ranker, context)));
      for (const key of ranker.refused) refused.add(key);
    }
    if (options.reference !== undefined) {
      const session = await openReference(options.reference);
      const ranker = new Reference(session, (key) => refused.has(key));
      figures.push(...(await askOne(ranker, context)));
    }
    return figures;
  } finally {
    await stop();
  }
}

/** The figures of one ranker, filled with what its groups need. */
async function askOne(ranker, context) {
  const groups = context.groups.filter(([, { rankers }]) => rankers.includes(ranker.name));
  if (groups.length === 0) return [];
  const needed = new Set(groups.flatMap(([, { sets }]) => sets));
  const began = performance.now();
  const tell = (what) => {
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    process.stderr.write(`${ranker.name}: ${what} after ${seconds} s\n`);
  };
  await ranker.fill(context.gallery.filter(({ set }) => needed.has(set)));
  tell('filled');
  const figures = [];
  for (const [name, { measure }] of groups) {
    figures.push(...(await measure(ranker, context)).map((each) => figureOf(ranker, each)));
    tell(name);
  }
  if (ranker.agreement !== undefined) figures.push(figureOf(ranker, ranker.agreement));
  return figures;
}

function figureOf({ name }, { samples, ...figure }) {
  const isMeasured = figure.reason === undefined && samples?.length > 0;
  return { ranker: name, ...figure, ...(isMeasured && summarize(samples)) };
}

/** What names the pack that was measured: the manifest has the hash of every other file. */
async function describePack(packFolder) {
  const manifest = await readFile(join(packFolder, 'pack.json'));
  const { name, version, dims } = JSON.parse(manifest);
  return { name, version, dims, sha256: createHash('sha256').update(manifest).digest('hex') };
}

/** What an earlier run of the same pack wrote with --json. */
async function readFigures(file, pack) {
  const run = JSON.parse(await readFile(file, 'utf8'));
  if (run.pack.sha256 !== pack.sha256) throw new Error(`"${file}" has the figures of another pack`);
  return run;
}

/** Both runs' figures, the later one's where both have one. */
function joinFigures(earlier, later) {
  const measured = new Set(later.map(nameOf));
  return [...earlier.filter((figure) => !measured.has(nameOf(figure))), ...later];
}

function nameOf({ id, ranker }) {
  return `${ranker} ${id}`;
}

function headingOf({ pack, minutes }, sample) {
  const [{ model }] = cpus();
  const machine = `${cpus().length} × ${model}, Node ${process.version}, ${minutes.toFixed(1)} minutes`;
  return [
    ...(sample === undefined
      ? []
      : [`**A sample of ${sample} pictures a split: no figures to show.**`, '']),
    `Pack ${pack.name} ${pack.version}, ${pack.dims} dimensions, \`${pack.sha256.slice(0, 12)}\`. ${machine}.`,
    '',
    'Standard errors: binomial, or by source where several copies of one picture are asked. *Refused*: pictures or',
    'texts that the server did not take; pictures are left out, texts count as 0. *Reference*: on the same pictures.',
  ];
}
