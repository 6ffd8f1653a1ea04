import { readFile } from 'node:fs/promises';

import { ApiError } from '@likeness/sdk';
import type { ImageSearchClient } from '@likeness/sdk';
import { Presets, SingleBar } from 'cli-progress';
import sharp from 'sharp';

import { INSTANCES } from './shop.ts';
import type { ShopPicture } from './shop.ts';

/** Pictures under way at a time: enough for two cores to be busy. */
const AT_A_TIME = 4;
/** The API takes no more; cameras make larger ones. */
const MAX_PICTURE_BYTES = 4 * 1024 * 1024;
const SHRUNK_SIDE_PX = 2048;
/** Where there is no terminal, progress is told this many times. */
const QUIET_STEPS = 4;

/** A picture that could not be read, or that the server did not take. */
export interface Refusal {
  readonly path: string;
  /** The code and message it answered, or why the file could not be read. */
  readonly reason: string;
}

/** What came of an import. */
export interface ImportResult {
  readonly added: number;
  readonly seconds: number;
  readonly refused: readonly Refusal[];
}

/** Adds each picture to both instances, with a progress bar. */
export async function importPictures(
  client: ImageSearchClient,
  pictures: readonly ShopPicture[],
): Promise<ImportResult> {
  const jobs = INSTANCES.flatMap(({ instanceName, crop }) =>
    pictures.map((picture) => ({ instanceName, crop, picture })),
  );
  const refused: Refusal[] = [];
  const progress = showProgress(jobs.length);
  const started = performance.now();
  const waiting = jobs.values();
  const addNext = async (): Promise<void> => {
    for (const { picture, ...target } of waiting) {
      const reason = await addPicture(client, target, picture);
      if (reason !== undefined) refused.push({ path: picture.path, reason });
      progress.step();
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, addNext));
  progress.stop();
  const seconds = (performance.now() - started) / 1000;
  return { added: jobs.length - refused.length, seconds, refused };
}

/** The reason of a refusal; undefined if the picture was added. */
async function addPicture(
  client: ImageSearchClient,
  target: { readonly instanceName: string; readonly crop: boolean },
  { path, productId, picName, attributes }: ShopPicture,
): Promise<string | undefined> {
  let picContent: Uint8Array;
  try {
    picContent = await loadPicture(path);
  } catch (error) {
    // A dangling link, a folder named like a picture, megabytes that are none: it stays one picture's matter.
    return (error as Error).message;
  }
  try {
    await client.addImage({ ...target, productId, picName, picContent, ...attributes });
    return undefined;
  } catch (error) {
    if (!ApiError.is(error)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

/** The bytes of a picture, made smaller where the API would refuse them. */
export async function loadPicture(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path);
  if (bytes.length <= MAX_PICTURE_BYTES) return bytes;
  return sharp(bytes)
    .autoOrient()
    .resize(SHRUNK_SIDE_PX, SHRUNK_SIDE_PX, { fit: 'inside' })
    .jpeg()
    .toBuffer();
}

interface Progress {
  step(): void;
  stop(): void;
}

function showProgress(total: number): Progress {
  if (!process.stdout.isTTY) return showQuietProgress(total);
  const bar = new SingleBar(
    {
      format: '  {bar} {value}/{total} · {duration_formatted}',
      hideCursor: true,
      stream: process.stdout,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  return { step: () => bar.increment(), stop: () => bar.stop() };
}

function showQuietProgress(total: number): Progress {
  let done = 0;
  const tell = Math.ceil(total / QUIET_STEPS);
  return {
    step: () => {
      done += 1;
      if (done % tell === 0 || done === total) console.log(`  ${done}/${total}`);
    },
    stop: () => {},
  };
}
