/**
 * Drives one of Node's SDKs through a run: `node driver.mjs RUN.json`. Every line that it prints is JSON: what it is first,
 * then the outcome of each step.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { openCores } from './cores.mjs';
import { openGenerated } from './generated.mjs';
import { openLikeness } from './likeness.mjs';
import { areNamesRefused } from './names.mjs';
import { openPopCore, openRoaClient } from './pop-core.mjs';
import { openRpcClient, openRpcCore } from './rpc-cores.mjs';

const FAMILIES = {
  'core-rpc': openRpcCore,
  'rpc-client': openRpcClient,
  cores: openCores,
  generated: openGenerated,
  likeness: openLikeness,
  'pop-core': openPopCore,
  roa: openRoaClient,
};

const run = JSON.parse(await readFile(process.argv[2], 'utf8'));
const require = createRequire(join(run.folder, 'package.json'));

say({ areNamesRefused: await areNamesRefused(run.foreignName), version: await versionOf(run) });
const call = await FAMILIES[run.family](run, require);
for (const step of run.steps) say({ name: step.name, ...(await outcomeOf(step)) });

async function outcomeOf(step) {
  let outcome = {};
  for (const request of step.requests) {
    try {
      outcome = await call({ ...step, request });
    } catch (error) {
      outcome = { error: readError(error) };
    }
    if (outcome.error !== undefined) break;
  }
  return outcome;
}

/** The generations keep the status in different places, or nowhere. */
function readError(error) {
  const status = error.statusCode ?? error.status ?? error.entry?.response?.statusCode;
  return {
    code: String(error.code ?? error.name),
    ...(typeof status === 'number' && { status }),
    message: String(error.message),
  };
}

async function versionOf({ folder, package: name }) {
  const file = join(folder, 'node_modules', name, 'package.json');
  return JSON.parse(await readFile(file, 'utf8')).version;
}

function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
