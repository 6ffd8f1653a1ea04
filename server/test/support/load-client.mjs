/**
 * Clients in a process of their own, for the proofs of load. Prints one line of JSON at its end:
 * what each call took and how it ended. `node load-client.mjs ENDPOINT SECONDS SEARCHERS ADDERS PICTURE BIG_PICTURE`
 */
import { readFile } from 'node:fs/promises';

import { ImageSearchClient } from '@likeness/sdk';

const [, , endpoint, seconds, searchers, adders, pictureFile, bigFile] = process.argv;
const client = new ImageSearchClient({
  endpoint,
  accessKeyId: process.env.LIKENESS_ACCESS_KEY_ID,
  accessKeySecret: process.env.LIKENESS_ACCESS_KEY_SECRET,
  timeoutMs: 20_000,
  retry: { maxTries: 1 },
});
const picture = await readFile(pictureFile);
const bigPicture = await readFile(bigFile);
const endMs = performance.now() + Number(seconds) * 1000;
const calls = { search: [], add: [] };

async function repeat(kind, call) {
  for (let i = 0; performance.now() < endMs; i += 1) {
    const startedMs = performance.now();
    const code = await call(i).then(
      () => 'ok',
      (error) => error.code ?? error.name,
    );
    calls[kind].push({ ms: Math.round(performance.now() - startedMs), code });
  }
}

const search = () => client.searchImageByPic({ instanceName: 'demo', picContent: picture });
const add = (who) => (i) =>
  client.addImage({
    instanceName: 'demo',
    productId: `big-${who}`,
    picName: `${i}`,
    picContent: bigPicture,
  });
await Promise.all([
  ...Array.from({ length: Number(searchers) }, () => repeat('search', search)),
  ...Array.from({ length: Number(adders) }, (_, who) => repeat('add', add(who))),
]);
process.stdout.write(`${JSON.stringify(calls)}\n`);
