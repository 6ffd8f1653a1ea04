/** Checks of what Likeness brings along: native modules, model pack, a search, and how fast all that is here. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Catalog, CollectionInfo } from '../../catalog/catalog.ts';
import { DEFAULT_SETTINGS } from '../../catalog/default-settings.ts';
import type { Logger } from '../../log/logger.ts';
import { loadConfig } from '../../config/config.ts';
import { loadPack } from '../../vision/pack/load-pack.ts';
import { attempt, failed, fine, warning, type Finding } from './finding.ts';
import { checkPrecision, estimateSpeed } from './speed-checks.ts';
import { drawTestPicture, TEST_PICTURES } from './test-pictures.ts';

const NATIVE_MODULES = ['classic-level', 'sharp', 'onnxruntime-node'] as const;
const SLOW_LOOK_MS = 300;
const COLLECTION = {
  ...DEFAULT_SETTINGS,
  facade: 'instance',
  name: 'doctor',
  serviceType: 1,
  mode: 'whole',
} as const;

export interface EngineCheckOptions {
  /** Of the model pack. */
  readonly packFolder: string;
  readonly benchmarkMs: number;
  /** Vision processes that a server would have. */
  readonly workers: number;
}

/** One finding for each module with native code. */
export async function checkModules(): Promise<readonly Finding[]> {
  const advice =
    'Run npm ci on this machine: native modules are of one platform, and optional packages must not be left out.';
  return Promise.all(
    NATIVE_MODULES.map((name) =>
      attempt(`module ${name}`, advice, async () => {
        await import(name);
        return fine(`module ${name}`, 'loads');
      }),
    ),
  );
}

/** Whether every file of the pack is the one that its manifest names, by SHA-256. */
export function checkPack(packFolder: string): Promise<Finding> {
  const advice = 'Put the pack there again: its files are not those that it was made of.';
  return attempt('model pack', advice, async () => {
    const { manifest } = await loadPack(packFolder);
    const files = Object.keys(manifest.files).length;
    const { name, version, dims } = manifest;
    return fine(
      'model pack',
      `${name} ${version}, ${dims} dims, ${files} files with their SHA-256`,
    );
  });
}

/** Adds pictures to an engine in a folder of its own, searches, and measures for a while. */
export async function checkEngine(options: EngineCheckOptions): Promise<readonly Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-doctor-'));
  const findings: Finding[] = [];
  const advice = 'Put right what failed above; if nothing did, report it with this output.';
  try {
    const search = await attempt('search', advice, async () => {
      const engine = await openEngine(folder, options);
      try {
        const found = await searchOnce(engine.catalog);
        if (found.verdict === 'ok') findings.push(...(await measureAll(engine.catalog, options)));
        return found;
      } finally {
        await engine.close();
      }
    });
    return [search, ...findings];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function openEngine(folder: string, { packFolder }: EngineCheckOptions) {
  // Here, so that other commands do not wait for a server's modules.
  const { openCatalog } = await import('../../open-catalog.ts');
  const config = loadConfig({
    LIKENESS_DATA_DIR: join(folder, 'data'),
    LIKENESS_MODEL: packFolder,
    LIKENESS_WORKERS: '1',
    LIKENESS_MIN_FREE_MB: '0',
  });
  const logger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const opened = await openCatalog({ config, logger, now: Date.now });
  const close = opened.close;
  try {
    return { catalog: await opened.catalog, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function searchOnce(catalog: Catalog): Promise<Finding> {
  const collection = await catalog.createCollection(COLLECTION);
  for (let number = 0; number < TEST_PICTURES; number += 1) {
    const picName = String(number);
    const picture = drawTestPicture(number);
    const image = { productId: 'test', picName, picture, crop: false };
    await catalog.addImage(collection, { ...image, customContent: '', attributes: {} });
  }
  for (let number = 0; number < TEST_PICTURES; number += 1) {
    const [hit] = (await searchFor(catalog, collection, number)).hits;
    if (hit?.picName !== String(number) || hit.score < 1) {
      const detail = `picture ${number} was answered with ${hit?.picName}, score ${hit?.score}`;
      return failed('search', detail, 'Searches answer wrongly here: report it with this output.');
    }
  }
  return fine('search', `${TEST_PICTURES} pictures added, each finds itself first with score 1`);
}

function searchFor(catalog: Catalog, collection: CollectionInfo, number: number) {
  const query = { kind: 'picture', picture: drawTestPicture(number), crop: false } as const;
  return catalog.search(collection, { query, start: 0, num: 1, minScore: 0, distinct: false });
}

/** Half of the time for the smallest pictures, half for what is like those of a shop. */
async function measureAll(
  catalog: Catalog,
  { packFolder, benchmarkMs, workers }: EngineCheckOptions,
): Promise<readonly Finding[]> {
  const { dims } = (await loadPack(packFolder)).manifest;
  const collection = catalog.collection('instance', COLLECTION.name);
  const halfMs = benchmarkMs / 2;
  return [
    await measure(catalog, halfMs),
    ...(await estimateSpeed(catalog, collection, { dims, workers, benchmarkMs: halfMs })),
    await checkPrecision(),
  ];
}

async function measure(catalog: Catalog, forMs: number): Promise<Finding> {
  const collection = catalog.collection('instance', COLLECTION.name);
  const times: number[] = [];
  const endMs = performance.now() + forMs;
  while (performance.now() < endMs || times.length === 0) {
    const startMs = performance.now();
    await searchFor(catalog, collection, times.length % TEST_PICTURES);
    times.push(performance.now() - startMs);
  }
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  const perSecond = (1000 * times.length) / times.reduce((sum, each) => sum + each, 0);
  const detail = `${perSecond.toFixed(1)} searches by picture a second and process; median ${at(0.5).toFixed(0)} ms, 95 % within ${at(0.95).toFixed(0)} ms`;
  if (at(0.5) <= SLOW_LOOK_MS) return fine('speed', detail);
  const advice =
    'Slow: is the machine busy with something else? Compare with the sizing table in docs/operations.md.';
  return warning('speed', detail, advice);
}

function ignore(): void {
  // What the engine logs is told by the findings.
}
