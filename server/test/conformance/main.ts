/** `npm run conformance -- [options]`: the vendor's genuine SDKs and our own against a launched server. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { driveSdks, toolVersions } from './conformance.ts';
import { readScenario } from './scenario.ts';
import { startServers } from './servers.ts';
import { formatTable, isConformant } from './table.ts';
import type { Row } from './table.ts';

const HELP = `Usage: npm run conformance -- [options]

Installs SDKs, each in a folder of its own, drives each through one scenario against a launched server, and prints a table.
Nothing but the package registries is asked for anything: in the drivers, names resolve from a loopback table alone.

  --language NAME  node, python, java or go; default: all
  --cache FOLDER   keeps what was installed; default: a temporary folder
  --checkout       drives what this checkout has installed, and installs nothing
  --write          writes docs/conformance.md too
  --help           prints this

The exit status is 1 where anything failed. What could not be installed is skipped, with the reason.
`;
const DOCUMENT = fileURLToPath(new URL('../../../docs/conformance.md', import.meta.url));
const HEADING = `# Conformance

What \`npm run conformance -- --write\` printed: the genuine SDKs, unchanged, each through the scenario of
\`server/test/conformance/scenario.json\`. ✓ did as expected, ✗ did not, – is not in that SDK.
The servers are \`likeness serve\` with a folder of their own; in the drivers names resolve from a loopback table alone. Instances that an SDK cannot
create were created by ours. Stale clock: the server's is 20 minutes ahead. Replay: the bytes that the SDK sent are sent again. The cores of
Node (openapi-client) and Go have no Advance calls: their drivers take the generated client's steps with the cores' own form and transport. [migration.md](migration.md) says
what each SDK is told.
`;

const { values } = parseArgs({
  options: {
    language: { type: 'string' },
    cache: { type: 'string' },
    checkout: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(HELP);
else process.exitCode = await main();

async function main(): Promise<number> {
  const temporary = values.cache === undefined && (await mkdtemp(join(tmpdir(), 'likeness-sdks-')));
  const cacheFolder = temporary || resolve(values.cache ?? '');
  const servers = await startServers();
  try {
    const steps = await readScenario();
    const rows = await driveSdks(servers, steps, {
      ...(values.language !== undefined && { language: values.language }),
      isCheckoutAlone: values.checkout,
      cacheFolder,
      onRow: tellRow,
    });
    const driven = rows.filter(({ skipped }) => skipped === undefined);
    const tools = await toolVersions(new Set(driven.map(({ language }) => language)));
    const date = new Date().toISOString().slice(0, 10);
    const printed = formatTable(rows, steps, { date, tools });
    process.stdout.write(printed);
    if (values.write) await writeFile(DOCUMENT, `${HEADING}\n${printed}`);
    return driven.length > 0 && isConformant(rows) ? 0 : 1;
  } finally {
    await servers.stop();
    if (temporary) await rm(temporary, { recursive: true, force: true });
  }
}

/** On the error stream, while the table is not there yet. */
function tellRow({ language, name, way, result, skipped, broken }: Row): void {
  const verdicts = [...(result?.steps.values() ?? [])];
  const failed = verdicts.filter(({ verdict }) => verdict === 'fail').length;
  const said = skipped ?? broken ?? `${verdicts.length} steps, ${failed} failed`;
  const kind = [way?.signature, way?.protocol, way?.style].filter(Boolean).join(' ');
  process.stderr.write(`${language} ${name} ${kind}: ${said}\n`);
}
