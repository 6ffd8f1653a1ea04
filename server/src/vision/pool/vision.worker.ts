/**
 * The process that looks at pictures and texts. Its pipe carries one request at a time; it ends when
 * the pipe does. `node vision.worker.js PACK_FOLDER`
 */
import { Socket } from 'node:net';
import { ApiError } from '@likeness/shared/errors';
import { renderThumbnail } from '../decode/render-thumbnail.ts';
import { setUpSharp } from '../decode/sharp-decoder.ts';
import { look } from '../look.ts';
import { openEyes, warmUp } from '../open-eyes.ts';
import { loadPack } from '../pack/load-pack.ts';
import { OnnxTextEmbedder } from '../text/onnx-text-embedder.ts';
import { encodeFrame, FrameReader, type Frame } from './frames.ts';
import { readRequest, writeAnalysis } from './look-frames.ts';
import { readText, writeTextAnalysis } from './text-frames.ts';
import { readThumbnailRequest, writeThumbnail } from './thumbnail-frames.ts';
import { PIPE_DESCRIPTOR } from './worker-process.ts';

const [, , packFolder = ''] = process.argv;
const pipe = new Socket({ fd: PIPE_DESCRIPTOR, readable: true, writable: true });
// A terminal's Ctrl-C reaches the whole group; the server decides when its workers end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
pipe.on('end', () => process.exit(0));
pipe.on('error', () => process.exit(0));

setUpSharp();
const pack = await loadPack(packFolder);
const texts = await OnnxTextEmbedder.load(pack);
const eyes = await openEyes(pack, () => performance.now());
await warmUp(eyes);
const reader = new FrameReader();
pipe.on('data', (chunk: Uint8Array) => {
  for (const frame of reader.push(chunk)) void answer(frame).then(send);
});
send({ head: { kind: 'ready' }, body: new Uint8Array() });

async function answer(frame: Frame): Promise<Frame> {
  try {
    const thumbnail = readThumbnailRequest(frame);
    if (thumbnail !== undefined) {
      return writeThumbnail(await renderThumbnail(thumbnail.picture, thumbnail.sidePx));
    }
    const text = readText(frame);
    if (text === undefined) return writeAnalysis(await look(readRequest(frame), eyes));
    if (texts === undefined) throw new Error('the pack knows no texts');
    return writeTextAnalysis(await texts.embed(text));
  } catch (thrown) {
    const isVerdict = ApiError.is(thrown);
    if (!isVerdict) process.stderr.write(`vision worker: ${String(thrown)}\n`);
    const head = { kind: 'error', code: isVerdict ? thrown.code : 'InternalError' };
    return { head, body: new Uint8Array() };
  }
}

function send(frame: Frame): void {
  for (const chunk of encodeFrame(frame)) pipe.write(chunk);
}
