/** How long the server's event loop is held while large bodies arrive. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { answeredWell, INSTANCE } from './bench-server.mjs';
import { observe } from './observe.mjs';
import { drawLarge, drawSmall } from './pictures.mjs';
import { median } from '../statistics.mjs';

const SEARCHERS = 8;
const ADDERS = 2;
/** More than are sent in a second. */
const SEARCHES_PER_SECOND = 200;
const ADDS_PER_SECOND = 12;

/** Prints what 8 clients that search and 2 that add 4 MB do to it. */
export async function measureLoop(bench, { seconds }) {
  const { client, folder, port, server } = bench;
  const [small, large] = [join(folder, 'small.png'), join(folder, 'large.png')];
  await writeFile(small, await drawSmall(1));
  const picture = await drawLarge();
  await writeFile(large, picture);
  const { key } = server;
  const form = { InstanceName: INSTANCE, Crop: 'false' };
  const search = { action: 'SearchImageByPic', form, picture: small };
  const add = (i) => ({
    action: 'AddImage',
    form: { ...form, ProductId: `large-${i % 4}`, PicName: 'front.png' },
    picture: large,
  });
  const lane = (name, calls) => client.ask({ kind: 'prepare', port, key, lane: name, calls });
  await lane(
    'search',
    Array.from({ length: SEARCHES_PER_SECOND * seconds }, () => search),
  );
  await lane(
    'add',
    Array.from({ length: ADDS_PER_SECOND * seconds }, (_, i) => add(i)),
  );
  const lanes = [
    { lane: 'search', clients: SEARCHERS },
    { lane: 'add', clients: ADDERS },
  ];
  await observe(bench);
  const { outcomes } = await client.ask({ kind: 'run', port, lanes, untilMs: seconds * 1000 });
  const { loop } = await observe(bench);
  const [searches, adds] = [outcomes.search, outcomes.add].map(answeredWell);
  console.log(
    `### Event loop\n\n${SEARCHERS} clients searching and ${ADDERS} adding ${(picture.length / 1e6).toFixed(1)} MB for ${seconds} s: delay p50 ` +
      `${loop.p50.toFixed(1)} ms, p99 ${loop.p99.toFixed(1)} ms (bar 10), longest ${loop.max.toFixed(1)} ms; ` +
      `${searches.length} searches, p50 ${p50(searches)} ms; ${adds.length} adds, p50 ${p50(adds)} ms\n`,
  );
}

function p50(told) {
  return median(told.map(({ ms }) => ms)).toFixed(0);
}
