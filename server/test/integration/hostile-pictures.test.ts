import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LIMITS } from '@likeness/shared/api';

import { launchServerOn, type LaunchedServer } from '../support/launched-server.ts';
import { Random } from '../support/random-rows.ts';
import { residentBytes } from '../support/resident-bytes.ts';
import { callAction, acs3Request, send } from '../support/signed-call.ts';
import { spoilPicture } from '../support/spoilt-pictures.ts';

const IS_PROOF = process.env['LIKENESS_PROVE'] !== undefined;
const PICTURES = IS_PROOF ? 20_000 : 150;
const SEED = Number(process.env['LIKENESS_SEED'] ?? 6);
const TIMEOUT_MS = IS_PROOF ? 7_200_000 : 120_000;
/** A look that takes 10 s is killed. */
const MAX_ANSWER_MS = 13_000;
const AT_ONCE = 2;
/** Smallest files of each format in the catalogue: what is spoilt is structure, not content. */
const FILES_PER_FORMAT = 2;
const FOLDERS = [
  new URL('../../../examples/catalogue/pictures/', import.meta.url),
  new URL('../../../../shared/data/eval/formats/images/', import.meta.url),
];
/** What a picture that cannot be taken is told (docs/migration.md); and what a machine says that has no time to look. */
const REFUSALS = new Set(
  'ServiceUnavailable InvalidPicContent UnsupportedPicFormat UnsupportedPicPixels IncorrectOrientation ExtractFeatureTimeout NoSpecifiedPicContent InvalidPicUrl'.split(
    ' ',
  ),
);

let dataDir: string;
let server: LaunchedServer;
let port: number;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'likeness-spoilt-'));
  server = await launchServerOn(dataDir, { environment: { LIKENESS_LOG_LEVEL: 'fatal' } });
  port = Number(new URL(server.endpoint).port);
  const form = { InstanceName: 'demo', ServiceType: 'generic', AutoOrient: 'true' };
  await callAction(port, { action: 'CreateInstance', version: '2026-11-01', form });
}, TIMEOUT_MS);
afterAll(async () => {
  await server?.stop();
  await rm(dataDir, { recursive: true });
});

/** The smallest of every format in the catalogue; under prove all files of other programs too. */
async function readPictures(): Promise<readonly Buffer[]> {
  const [catalogue, formats] = FOLDERS.map((folder) => fileURLToPath(folder));
  const smallest = new Map<string, Buffer[]>();
  for (const name of await readdir(catalogue ?? '')) {
    const file = await readFile(join(catalogue ?? '', name));
    const own = [...(smallest.get(extname(name)) ?? []), file];
    const ordered = own.toSorted((a, b) => a.length - b.length);
    smallest.set(extname(name), ordered.slice(0, FILES_PER_FORMAT));
  }
  const others = IS_PROOF ? await readdir(formats ?? '').catch(() => []) : [];
  const more = await Promise.all(others.map((name) => readFile(join(formats ?? '', name))));
  return [...smallest.values(), more].flat();
}

test(
  'spoilt pictures of every format are looked at or refused, in time',
  async () => {
    const random = new Random(SEED);
    const sources = await readPictures();
    const agent = new Agent({ keepAlive: true });
    const outcomes = new Map<string, number>();
    const faults: string[] = [];
    let [sent, slowestMs] = [0, 0];
    const runOne = async (): Promise<void> => {
      while (sent < PICTURES) {
        sent += 1;
        const number = sent;
        const spoilt = spoilPicture(random, random.pick(sources), random.pick(sources));
        const picture = spoilt.subarray(0, LIMITS.MAX_PICTURE_BYTES);
        const form = { InstanceName: 'demo', PicContent: picture.toString('base64') };
        const startedMs = performance.now();
        const wire = acs3Request(port, { action: 'SearchImageByPic', form });
        const { status, json } = await send(port, wire, { agent });
        const ms = performance.now() - startedMs;
        slowestMs = Math.max(slowestMs, ms);
        const outcome = status === 200 ? 'answered' : String(json['Code']);
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        const isKnown = status === 200 || REFUSALS.has(outcome);
        if (!isKnown || ms > MAX_ANSWER_MS)
          faults.push(`${number}: ${status} ${outcome}, ${ms} ms`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, runOne));
    agent.destroy();
    console.log(
      `seed ${SEED}: ${PICTURES} spoilt pictures of ${sources.length} files, slowest ${Math.round(slowestMs)} ms, ` +
        `server ${Math.round((await residentBytes(server.pid)) / 1e6)} MB`,
      Object.fromEntries(outcomes),
    );
    expect(faults.slice(0, 5)).toEqual([]);
    expect(outcomes.size).toBeGreaterThan(1);
    expect(outcomes.get('ServiceUnavailable') ?? 0).toBeLessThan(PICTURES / 100);
  },
  TIMEOUT_MS,
);
