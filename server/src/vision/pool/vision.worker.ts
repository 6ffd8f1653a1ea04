/**
 * The process that looks at pictures. Its pipe carries one request at a time; it ends when the pipe
 * does. `node vision.worker.js PACK_FOLDER`
 */
import { Socket } from 'node:net';
import { ApiError } from '@likeness/shared/errors';
import { setUpSharp } from '../decode/sharp-decoder.ts';
import { OnnxEmbedder } from '../embed/onnx-embedder.ts';
import { look, type Eyes } from '../look.ts';
import { loadPack } from '../pack/load-pack.ts';
import { createSubjectFinder } from '../subject/create-subject-finder.ts';
import { encodeFrame, FrameReader, type Frame } from './frames.ts';
import { readRequest, writeAnalysis } from './look-frames.ts';
import { PIPE_DESCRIPTOR } from './worker-process.ts';

const [, , packFolder = ''] = process.argv;
const pipe = new Socket({ fd: PIPE_DESCRIPTOR, readable: true, writable: true });
// A terminal's Ctrl-C reaches the whole group; the server decides when its workers end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
pipe.on('end', () => process.exit(0));
pipe.on('error', () => process.exit(0));

const eyes = await openEyes(packFolder);
await warmUp(eyes);
const reader = new FrameReader();
pipe.on('data', (chunk: Uint8Array) => {
  for (const frame of reader.push(chunk)) void answer(frame).then(send);
});
send({ head: { kind: 'ready' }, body: new Uint8Array() });

async function openEyes(folder: string): Promise<Eyes> {
  setUpSharp();
  const pack = await loadPack(folder);
  const [embedder, finder] = await Promise.all([
    OnnxEmbedder.load(pack),
    createSubjectFinder(pack),
  ]);
  const { found, given } = pack.manifest.subject;
  return { embedder, finder, windows: { found, given }, clock: () => performance.now() };
}

/** One run through every graph, so that the first picture is no slower than the second. */
async function warmUp({ embedder, finder }: Eyes): Promise<void> {
  const pixels = { widthPx: 64, heightPx: 64, data: new Uint8Array(64 * 64 * 3).fill(128) };
  await embedder.embed(pixels, { x1: 0, y1: 0, x2: 64, y2: 64 });
  await finder.find(pixels);
}

async function answer(frame: Frame): Promise<Frame> {
  try {
    return writeAnalysis(await look(readRequest(frame), eyes));
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
