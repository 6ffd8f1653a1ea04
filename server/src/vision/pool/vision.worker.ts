/**
 * The process that looks at pictures and texts. Its pipe carries one request at a time; it ends when
 * the pipe does. `node vision.worker.js PACK_FOLDER`
 */
import { ApiError } from '@likeness/shared/errors';
import { renderThumbnail } from '../decode/render-thumbnail.ts';
import { setUpSharp } from '../decode/sharp-decoder.ts';
import { look } from '../look.ts';
import { openEyes, warmUp } from '../open-eyes.ts';
import { loadPack } from '../pack/load-pack.ts';
import { PackTextEmbedder } from '../text/pack-text-embedder.ts';
import type { Frame } from '../../processes/frames.ts';
import { WorkerPipe } from '../../processes/worker-pipe.ts';
import { writeError } from './answer-frames.ts';
import { readRequest, writeAnalysis } from './look-frames.ts';
import { readText, writeTextAnalysis } from './text-frames.ts';
import { readThumbnailRequest, writeThumbnail } from './thumbnail-frames.ts';

const [, , packFolder = ''] = process.argv;
const pipe = new WorkerPipe();

setUpSharp();
const pack = await loadPack(packFolder);
const texts = await PackTextEmbedder.load(pack);
const eyes = await openEyes(pack, () => performance.now());
await warmUp(eyes);
pipe.serve(answer);

async function answer(frame: Frame): Promise<Frame> {
  try {
    return await work(frame);
  } catch (thrown) {
    const isVerdict = ApiError.is(thrown);
    if (!isVerdict) process.stderr.write(`vision worker: ${String(thrown)}\n`);
    return writeError(isVerdict ? thrown.code : 'InternalError');
  }
}

async function work(frame: Frame): Promise<Frame> {
  const { kind } = frame.head as { readonly kind?: unknown };
  if (kind === 'look') return writeAnalysis(await look(readRequest(frame), eyes));
  if (kind === 'text' && texts !== undefined) {
    return writeTextAnalysis(await texts.embed(readText(frame)));
  }
  if (kind === 'thumbnail') {
    const { picture, sidePx } = readThumbnailRequest(frame);
    return writeThumbnail(await renderThumbnail(picture, sidePx));
  }
  throw new Error(`this worker knows no ${String(kind)}`);
}
