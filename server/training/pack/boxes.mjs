/**
 * Prints what the server makes its windows of: where its own subject finder sees one at first, one line
 * `[x1, y1, x2, y2]` in pixels, or `null`, for each picture of a list (JSON lines with `bin`, `offset`, `size`).
 * windows.py runs it.
 *
 *     node boxes.mjs --list LIST.jsonl --data FOLDER --pack FOLDER > BOXES.jsonl
 */
import { open, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { decodePicture } from '../../dist/vision/decode/decode-picture.js';
import { setUpSharp } from '../../dist/vision/decode/sharp-decoder.js';
import { rescale } from '../../dist/vision/box-arithmetic.js';
import { openEyes } from '../../dist/vision/open-eyes.js';
import { loadPack } from '../../dist/vision/pack/load-pack.js';

const { values } = parseArgs({
  options: {
    list: { type: 'string' },
    data: { type: 'string' },
    pack: { type: 'string' },
  },
});
const LIMITS = { maxBytes: 4 * 1024 * 1024, minSidePx: 16, maxSidePx: 4096, orientation: 'apply' };

const files = new Map();
const rows = (await readFile(values.list, 'utf8'))
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
setUpSharp();
// Without the embedder's work: only the finder is asked.
const { finder } = await openEyes(await loadPack(resolve(values.pack)), () => 0);
for (const row of rows) {
  const request = { picture: await bytesOf(row), framing: { kind: 'subject' }, limits: LIMITS };
  const picture = await decodePicture(request);
  const [subject] = await finder.find(picture.pixels);
  const box = subject && rescale(subject.firstBox ?? subject.box, picture.pixels, picture);
  process.stdout.write(`${JSON.stringify(box ? [box.x1, box.y1, box.x2, box.y2] : null)}\n`);
}
await Promise.all([...files.values()].map((file) => file.close()));

async function bytesOf({ bin, offset, size }) {
  if (!files.has(bin)) files.set(bin, await open(resolve(values.data, bin)));
  const { buffer } = await files.get(bin).read(Buffer.alloc(size), 0, size, offset);
  return buffer;
}
