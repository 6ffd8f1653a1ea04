import { createHash } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { loadPack, type ModelPack } from '../../src/vision/pack/load-pack.ts';
import type { TextSpec } from '../../src/vision/pack/pack-schema.ts';

/** Tokens in the order of their ids; the graph `words` knows the colours of 4 to 7. */
const VOCABULARY = [
  ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'red', 'green', 'blue', 'pale'],
  ['shoe', '##s', 't', 'shirt', '运', '动', '鞋', '表', '##shirt', '-', 'light'],
].flat();

const PICTURE_PART = {
  file: 'colours.onnx',
  input: {
    name: 'pixels',
    widthPx: 8,
    heightPx: 8,
    type: 'uint8',
    layout: 'nchw',
    channels: 'rgb',
    resize: { mode: 'squash', kernel: 'linear' },
  },
  output: 'embedding',
  dims: 3,
} as const;

const STRAIGHT = [
  [-1, 0],
  [1, 1],
];
const WINDOW = { scale: 1, aspect: 'box', wholeWeight: 0 };

/** Of texts: a cosine of 0 scores 0.2. */
export const TEXT_CALIBRATION = [
  [-1, 0],
  [0, 0.2],
  [1, 1],
] as const;

export interface TextPackOptions {
  /** Weights of the picture's parts, each of which is the mean colour; one part if absent. */
  readonly weights?: readonly number[];
  readonly text?: Partial<TextSpec>;
  readonly languages?: readonly string[];
  /** Whether it says how texts score; it does if absent. */
  readonly isCalibrated?: boolean;
}

/**
 * A small pack that really knows texts: a picture is its mean colour, and a text is the colours it
 * names, in English.
 */
export async function writeTextPack(options: TextPackOptions = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-text-pack-'));
  const files = {
    'colours.onnx': await readFile(new URL('graphs/colours.onnx', import.meta.url)),
    'words.onnx': await readFile(new URL('graphs/words.onnx', import.meta.url)),
    'tokenizer.json': Buffer.from(JSON.stringify(describeTokenizer())),
  };
  const listed: Record<string, { readonly sha256: string }> = {};
  for (const [name, bytes] of Object.entries(files)) {
    await writeFile(join(folder, name), bytes);
    listed[name] = { sha256: createHash('sha256').update(bytes).digest('hex') };
  }
  const manifest = { ...describePack(options), files: listed };
  await writeFile(join(folder, 'pack.json'), JSON.stringify(manifest));
  return folder;
}

export async function loadTextPack(options?: TextPackOptions): Promise<ModelPack> {
  return loadPack(await writeTextPack(options));
}

function describePack(options: TextPackOptions): object {
  const { weights = [1], text, languages = ['en', 'zh'], isCalibrated = true } = options;
  return {
    format: 1,
    name: 'colours',
    version: '1.0.0',
    licence: 'Apache-2.0',
    dims: PICTURE_PART.dims * weights.length,
    picture: { parts: weights.map((weight) => ({ ...PICTURE_PART, weight })) },
    subject: { found: WINDOW, given: WINDOW },
    text: {
      file: 'words.onnx',
      tokenizer: 'tokenizer.json',
      inputs: { ids: 'ids', mask: 'mask' },
      output: 'embedding',
      maxTokens: 8,
      simplified: true,
      minKnown: 0.5,
      ...text,
    },
    languages,
    calibration: { picture: STRAIGHT, ...(isCalibrated && { text: TEXT_CALIBRATION }) },
  };
}

function around(id: string): object {
  return { SpecialToken: { id, type_id: 0 } };
}

function describeTokenizer(): object {
  const special = (content: string): object => ({
    id: VOCABULARY.indexOf(content),
    content,
    special: true,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
  });
  const idsOf = (id: string): object => ({ id, ids: [VOCABULARY.indexOf(id)], tokens: [id] });
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: ['[UNK]', '[CLS]', '[SEP]'].map(special),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: false,
      lowercase: false,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [around('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }, around('[SEP]')],
      pair: [],
      special_tokens: { '[CLS]': idsOf('[CLS]'), '[SEP]': idsOf('[SEP]') },
    },
    decoder: null,
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(VOCABULARY.map((token, id) => [token, id])),
    },
  };
}
