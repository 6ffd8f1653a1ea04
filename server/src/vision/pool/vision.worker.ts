/**
 * The process that looks at pictures and texts. Its pipe carries one request at a time; it ends when
 * the pipe does. `node vision.worker.js PACK_FOLDER`
 */
import { Socket, type OnReadOpts, type SocketConstructorOpts } from 'node:net';
import { ApiError } from '@likeness/shared/errors';
import { renderThumbnail } from '../decode/render-thumbnail.ts';
import { setUpSharp } from '../decode/sharp-decoder.ts';
import { look } from '../look.ts';
import { openEyes, warmUp } from '../open-eyes.ts';
import { loadPack } from '../pack/load-pack.ts';
import { PackTextEmbedder } from '../text/pack-text-embedder.ts';
import { NO_BODY, writeError } from './answer-frames.ts';
import { FrameReader, writeFrame, type Frame } from './frames.ts';
import { readRequest, writeAnalysis } from './look-frames.ts';
import { readText, writeTextAnalysis } from './text-frames.ts';
import { readThumbnailRequest, writeThumbnail } from './thumbnail-frames.ts';
import { PIPE_DESCRIPTOR } from './worker-process.ts';

const [, , packFolder = ''] = process.argv;
const reader = new FrameReader();
/** A picture is read to where it is decoded from. The constructor takes `onread`; its types know it for `connect` alone. */
const options: SocketConstructorOpts & { readonly onread: OnReadOpts } = {
  fd: PIPE_DESCRIPTOR,
  readable: true,
  writable: true,
  onread: {
    buffer: () => reader.room,
    callback: (bytes) => {
      for (const frame of reader.take(bytes)) void answer(frame).then(send);
      return true;
    },
  },
};
const pipe = new Socket(options);
// A terminal's Ctrl-C reaches the whole group; the server decides when its workers end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
// Whoever read the server's log may have gone.
process.stderr.on('error', () => {});
pipe.on('end', () => process.exit(0));
pipe.on('error', () => process.exit(0));

setUpSharp();
const pack = await loadPack(packFolder);
const texts = await PackTextEmbedder.load(pack);
const eyes = await openEyes(pack, () => performance.now());
await warmUp(eyes);
send({ head: { kind: 'ready' }, body: NO_BODY });

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

function send(frame: Frame): void {
  writeFrame(pipe, frame);
}
