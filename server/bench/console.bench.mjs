/**
 * Times the console's first search from a cold load: a browser with nothing in its cache, an instance of many pictures.
 *
 *     npm run build && node server/bench/console.bench.mjs [--images 10000] [--rounds 7]
 *
 * Needs Chromium (`CHROMIUM`), no network. Fills a data folder of its own, and starts a server on it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { choosePicture, launchBrowser, openSignedIn } from './console/browser.mjs';
import { fillInstance } from './console/fill.mjs';
import { launchServer } from './evaluate/server.mjs';

const { values: args } = parseArgs({
  options: {
    images: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '7' },
  },
});
const NAME = 'shop';
const STORED = { productId: 'flamingo-running-shoes', picName: 'flamingo-running-shoes-front.jpg' };
const QUERY = fileURLToPath(
  new URL('../../examples/catalogue/queries/studio-flamingo-running-shoes.jpg', import.meta.url),
);
/** After the last paint, for the browser to tell of it. */
const SETTLE_MS = 1000;

const folder = await mkdtemp(join(tmpdir(), 'likeness-console-'));
try {
  await fillInstance({ folder, name: NAME, images: Number(args.images) });
  await measure();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measure() {
  const server = await launchServer(fileURLToPath(new URL('..', import.meta.url)), folder);
  const browser = await launchBrowser();
  try {
    const rounds = [];
    for (let round = 0; round < Number(args.rounds); round += 1) {
      rounds.push({
        ...(await timeLoad(browser, server)),
        ...(await timeStoredPicture(browser, server)),
      });
    }
    print(rounds);
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** The Search screen, then a picture that is given to it. */
async function timeLoad(browser, { endpoint, key }) {
  const page = await openSignedIn(browser, key);
  await watchPaints(page);
  await page.goto(`${endpoint}/console/#/search`);
  await page.getByRole('button', { name: 'Choose a picture' }).waitFor();
  const usable = await page.evaluate(() => performance.now());
  await page.waitForTimeout(SETTLE_MS);
  const { paint, bytes } = await page.evaluate(() => ({
    paint: globalThis.largestPaintMs,
    bytes: performance
      .getEntriesByType('resource')
      .filter(({ initiatorType }) => initiatorType !== 'fetch')
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
  }));
  await noteFirstHit(page);
  await choosePicture(page, 'Choose a picture', QUERY);
  const results = await firstHitMs(page);
  const chosen = await page.evaluate(() => globalThis.chosenMs);
  await page.context().close();
  return { paint, usable, kilobytes: bytes / 1024, picture: results - chosen };
}

/** A shared address: the page is loaded and the search of it made. */
async function timeStoredPicture(browser, { endpoint, key }) {
  const page = await openSignedIn(browser, key);
  await noteFirstHit(page);
  const query = new URLSearchParams({ by: 'name', collection: `instance:${NAME}`, ...STORED });
  await page.goto(`${endpoint}/console/#/search?${query}`);
  const shared = await firstHitMs(page);
  await page.context().close();
  return { shared };
}

function watchPaints(page) {
  return page.addInitScript(() => {
    new PerformanceObserver((list) => {
      globalThis.largestPaintMs = list.getEntries().at(-1).startTime;
    }).observe({ type: 'largest-contentful-paint', buffered: true });
  });
}

/** From now on, and on pages that are loaded later. */
async function noteFirstHit(page) {
  await page.addInitScript(noteTimes);
  await page.evaluate(noteTimes);
}

/** Runs in the page: when a file was chosen, and when the first result was drawn. */
function noteTimes() {
  addEventListener('change', () => (globalThis.chosenMs = performance.now()), true);
  const look = () => {
    if (document.querySelector('.hit') === null) requestAnimationFrame(look);
    else globalThis.firstHitMs = performance.now();
  };
  look();
}

async function firstHitMs(page) {
  const noted = await page.waitForFunction(() => globalThis.firstHitMs);
  return noted.jsonValue();
}

function print(rounds) {
  const rows = [
    ['largest paint of the Search screen, ms', 'paint'],
    ['until a picture can be chosen, ms', 'usable'],
    ['page and code that were sent, KB', 'kilobytes'],
    ['from choosing a picture to results, ms', 'picture'],
    ['cold load of a shared search to results, ms', 'shared'],
  ];
  const load = loadavg()[0]?.toFixed(0);
  console.log(`${args.images} images, ${rounds.length} rounds, load ${load}\n`);
  console.log('| | median | least | most |\n|---|---|---|---|');
  for (const [title, name] of rows) {
    const values = rounds.map((round) => round[name]).sort((a, b) => a - b);
    const shown = [values[Math.floor(values.length / 2)], values[0], values.at(-1)];
    console.log(`| ${[title, ...shown.map((value) => value.toFixed(0))].join(' | ')} |`);
  }
}
