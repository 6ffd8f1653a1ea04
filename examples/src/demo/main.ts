/**
 * Shows what Likeness does: starts a server, imports pictures, searches them in every way, writes a page.
 *
 *     npm run demo -- --help
 */
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ImageSearchClient } from '@likeness/sdk';

import { loadCatalogueShop } from './catalogue-shop.ts';
import { HELP, readOptions } from './demo-options.ts';
import type { DemoOptions } from './demo-options.ts';
import { loadFolderShop } from './folder-shop.ts';
import { importPictures } from './import-pictures.ts';
import { launchServer } from './launch-server.ts';
import type { DemoServer } from './launch-server.ts';
import { drawPage } from './page.ts';
import { printFindings } from './print-findings.ts';
import { runSearches } from './run-searches.ts';
import { INSTANCES, queryPath } from './shop.ts';
import type { Shop } from './shop.ts';
import { countFound, median } from './summary.ts';

async function show(server: DemoServer, shop: Shop): Promise<void> {
  const client = new ImageSearchClient(server);
  for (const { instanceName, serviceType } of INSTANCES) {
    await client.createInstance({ instanceName, serviceType, autoOrient: true });
    console.log(`created the ${serviceType} instance "${instanceName}"`);
  }
  console.log(`importing ${shop.pictures.length} pictures into each`);
  const imported = await importPictures(client, shop.pictures);
  console.log(`added ${imported.added} pictures in ${imported.seconds.toFixed(1)} s`);
  for (const { path, reason } of imported.refused) console.log(`  refused: ${path}: ${reason}`);
  const refused = new Set(imported.refused.map(({ path }) => path));
  const findings = await runSearches(
    client,
    shop.searches.filter((search) => !refused.has(queryPath(search) ?? '')),
  );
  printFindings(findings);
  const { first, amongFive, of } = countFound(findings);
  console.log(`\nfound first: ${first} of ${of}; among the first five: ${amongFive} of ${of}`);
  console.log(
    `a search took ${median(findings.map(({ milliseconds }) => milliseconds)).toFixed(0)} ms (median)`,
  );
  const path = join(await mkdtemp(join(tmpdir(), 'likeness-demo-')), 'likeness-demo.html');
  await writeFile(path, await drawPage(shop, imported, findings));
  console.log(`\npage: ${path}`);
}

function printAccess({ endpoint, accessKeyId, accessKeySecret }: DemoServer): void {
  console.log('\nstaying up until Ctrl-C:');
  console.log(`  LIKENESS_ENDPOINT=${endpoint}`);
  console.log(`  LIKENESS_ACCESS_KEY_ID=${accessKeyId}`);
  console.log(`  LIKENESS_ACCESS_KEY_SECRET=${accessKeySecret}`);
}

async function main({ keep, pictures }: DemoOptions): Promise<void> {
  const shop = pictures === undefined ? await loadCatalogueShop() : await loadFolderShop(pictures);
  const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  const server = await launchServer();
  console.log(`Likeness is listening on ${server.endpoint}`);
  try {
    await Promise.race([show(server, shop), interrupted]);
    if (keep) {
      printAccess(server);
      await interrupted;
    }
  } finally {
    await server.stop();
  }
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) process.stdout.write(HELP);
  else await main(options);
} catch (error) {
  console.error(`demo: ${(error as Error).message}`);
  process.exitCode = 1;
}
