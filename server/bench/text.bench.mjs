/**
 * Times texts on their way to a vector: placed in this process, asked of a vision process, and remembered.
 *
 *     npm run build && node server/bench/text.bench.mjs [--pack PACK_FOLDER] [--rounds 2000]
 *
 * The pack must know texts. Every text is another one, so that none is remembered but where it says so.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { createVision, EMBEDDED_PACK_FOLDER } from '../dist/vision/create-vision.js';
import { loadPack } from '../dist/vision/pack/load-pack.js';
import { PackTextEmbedder } from '../dist/vision/text/pack-text-embedder.js';

const { values: args } = parseArgs({
  options: {
    pack: { type: 'string', default: fileURLToPath(EMBEDDED_PACK_FOLDER) },
    rounds: { type: 'string', default: '2000' },
  },
});
const ROUNDS = Number(args.rounds);
const WARM_UP = 200;

const KINDS = [
  'running shoes',
  'T-shirt',
  'handbag',
  '连衣裙',
  '運動鞋',
  '手表',
  'jeans',
  '太阳镜',
];
const COLOURS = ['red', 'dark blue', '黑色', '白色', 'green', '粉色', 'grey'];
const USES = ["women's", 'for summer', '男士', 'casual', 'cotton', '夏季'];

const embedder = await PackTextEmbedder.load(await loadPack(args.pack));
if (embedder === undefined) throw new Error(`the pack in ${args.pack} knows no texts`);
const vision = await createVision({ packFolder: args.pack, workers: 1 });

console.log('| a text | p50 ms | p95 ms |\n|---|---|---|');
await measure('placed, in one process', (text) => embedder.embed(text));
await measure('placed by a vision process', (text) => vision.embedText(text));
await measure('of 512 characters, placed by a vision process', (text) =>
  vision.embedText(text.repeat(100).slice(0, 512)),
);
await measure('remembered', () => vision.embedText('red shoes'));
await embedder.close();
await vision.close();

async function measure(name, place) {
  const times = [];
  for (let i = -WARM_UP; i < ROUNDS; i += 1) {
    const text = textOf(i + WARM_UP);
    const began = performance.now();
    await place(text);
    if (i >= 0) times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  const [p50, p95] = [0.5, 0.95].map((share) => times[Math.floor(times.length * share)].toFixed(3));
  console.log(`| ${name} | ${p50} | ${p95} |`);
}

/** Names differ by a number in front, as no two searches of a shop's customers are alike. */
function textOf(i) {
  const [kind, colour, use] = [KINDS, COLOURS, USES].map((words) => words[i % words.length]);
  return `${i} ${colour} ${kind} ${use}`;
}
