/** A server with an instance to measure, and what asks it: pictures, clients, the bare loop. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { EMBEDDED_PACK_FOLDER } from '../../dist/vision/create-vision.js';
import { launchServer } from '../evaluate/server.mjs';
import { fillRecords } from './fill.mjs';
import { drawPhotographs, HEIGHT_PX, WIDTH_PX } from './pictures.mjs';
import { processorMs, startProcess } from './processes.mjs';

const SERVER_FOLDER = fileURLToPath(new URL('../..', import.meta.url));
const PICTURES = 12;
const LOOK_MS = 1000;
const MAX_LOOKS = 120;
/** Of a core. */
const IDLE_SHARE = 0.03;
export const INSTANCE = 'bench';
export const WHOLE = { x1: 0, y1: 0, x2: WIDTH_PX, y2: HEIGHT_PX };

/**
 * Fills a folder of its own, starts a server on it, and a client in a process of its own; `close` ends and removes all.
 *
 * @param {{ images: number, environment?: (folder: string) => Readonly<Record<string, string>> }} wanted
 */
export async function openBench({ images, environment = () => ({}) }) {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-path-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const pictures = await drawPhotographs(PICTURES);
    const files = await Promise.all(
      pictures.map(async (picture, i) => {
        const file = join(folder, `${i}.jpg`);
        await writeFile(file, picture);
        return file;
      }),
    );
    const data = join(folder, 'data');
    await fillRecords({ folder: data, name: INSTANCE, images, pictures });
    const server = await launchServer(SERVER_FOLDER, data, environment(folder));
    const client = await startProcess('client.mjs');
    await settle(server.pid);
    return {
      folder,
      files,
      server,
      port: Number(new URL(server.endpoint).port),
      client,
      close: async () => {
        await client.stop();
        await server.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Until the server has laid its cells and looked through its files: it works on them in the background after a start. */
async function settle(pid) {
  for (let looks = 0, before = processorMs(pid).own; looks < MAX_LOOKS; looks += 1) {
    await sleep(LOOK_MS);
    const now = processorMs(pid).own;
    if (now - before < LOOK_MS * IDLE_SHARE) return;
    before = now;
  }
}

/** Decode and inference alone, in so many processes at once. */
export async function openBareLoops(count) {
  const packFolder = fileURLToPath(EMBEDDED_PACK_FOLDER);
  const loops = await Promise.all(
    Array.from({ length: count }, () => startProcess('bare-loop.mjs', [packFolder])),
  );
  return {
    /** Everything that they took, together. */
    run: async (question) => {
      const answers = await Promise.all(loops.map((loop) => loop.ask(question)));
      return {
        times: answers.flatMap(({ times }) => times),
        cpuMs: answers.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
      };
    },
    stop: () => Promise.all(loops.map((loop) => loop.stop())),
  };
}

/**
 * What was answered well. A busy machine may refuse some for want of time, which is told; anything else is an error.
 */
export function answeredWell(outcomes) {
  const well = outcomes.filter(({ code }) => code === 'ok');
  const others = outcomes.filter(({ code }) => code !== 'ok' && code !== 'ServiceUnavailable');
  if (others.length > 0) throw new Error(`${others.length} answered ${others[0].code}`);
  const refused = outcomes.length - well.length;
  if (refused > 0) console.error(`${refused} of ${outcomes.length} refused: a busy machine`);
  return well;
}
