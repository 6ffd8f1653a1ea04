import { z } from 'zod';

/** Longest vector a pack may make: int8 and its residual, for each image, must stay small. */
const MAX_DIMS = 512;
const MAX_INPUT_SIDE_PX = 1024;
const SHA256_HEX = /^[0-9a-f]{64}$/;
/** A name directly inside the pack's folder; never a path. */
const FILE_NAME = /^[\w][\w.-]*$/;

const fileName = z.string().regex(FILE_NAME);
const tensorName = z.string().min(1);
const channels = z.tuple([z.number(), z.number(), z.number()]);

/** The tensor of pixels that a graph reads, and how a picture becomes one. */
const pixelInput = z
  .strictObject({
    name: tensorName,
    widthPx: z.int().min(8).max(MAX_INPUT_SIDE_PX),
    heightPx: z.int().min(8).max(MAX_INPUT_SIDE_PX),
    type: z.enum(['uint8', 'float32']),
    layout: z.enum(['nchw', 'nhwc']),
    channels: z.enum(['rgb', 'bgr']),
    /** float32 only: `(value − mean) / std`, of values 0–255. */
    mean: channels.optional(),
    std: channels.optional(),
    resize: z.strictObject({
      /** `squash` ignores the aspect; `letterbox` keeps it and fills up with `fill`. */
      mode: z.enum(['squash', 'letterbox']),
      kernel: z.enum(['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3']),
      fill: channels.optional(),
    }),
  })
  .refine(
    ({ type, mean, std }) => type === 'float32' || (mean === undefined && std === undefined),
    'mean and std are for float32 inputs',
  );

const picturePart = z.strictObject({
  file: fileName,
  input: pixelInput,
  /** A tensor of `[1, dims]`; it is brought to unit length before it is weighed. */
  output: tensorName,
  dims: z.int().min(1).max(MAX_DIMS),
  weight: z.number().positive(),
});

const categorySource = z.discriminatedUnion('kind', [
  /** Another output of the graph of a picture part. */
  z.strictObject({ kind: z.literal('part'), part: z.int().min(0), output: tensorName }),
  /** A graph of its own over the finished vector. */
  z.strictObject({
    kind: z.literal('graph'),
    file: fileName,
    input: tensorName,
    output: tensorName,
  }),
]);

const categories = z.strictObject({
  source: categorySource,
  /** The category of each logit. */
  ids: z
    .array(z.int().min(0))
    .min(1)
    .refine((ids) => new Set(ids).size === ids.length, 'a category has one logit'),
  /** Confidence is softmax(logits / temperature). */
  temperature: z.number().positive(),
  /** Share of the whole picture's confidences in those of a subject that was found; 0 if absent. */
  wholeWeight: z.number().min(0).max(1).optional(),
});

const window = z.strictObject({
  /** The window is the box enlarged by this factor about its middle, cut at the picture's edge. */
  scale: z.number().min(1).max(4),
  /** `picture` widens the box to the picture's own aspect first. */
  aspect: z.enum(['box', 'picture']),
  /** Share of the whole picture's vector in the sum, 0–1. */
  wholeWeight: z.number().min(0).max(1),
});

const detector = z.strictObject({
  file: fileName,
  input: pixelInput,
  /** `[1, n, 4]`: x1, y1, x2, y2 as shares of the input's width and height. */
  boxes: tensorName,
  /** `[1, n]`: 0–1. */
  scores: tensorName,
  minScore: z.number().min(0).max(1),
  /** Boxes are ranked by score × area^areaPower: what is large is rather what the picture is of. 0 if absent. */
  areaPower: z.number().min(0).max(1).optional(),
  /** Of two boxes that overlap more than this, only the better is kept. */
  maxOverlap: z.number().min(0).max(1),
});

const text = z.strictObject({
  file: fileName,
  tokenizer: fileName,
  inputs: z.strictObject({ ids: tensorName, mask: tensorName.optional() }),
  output: tensorName,
  maxTokens: z.int().min(1).max(512),
  /** Which part of the picture vector a text is compared with; the whole vector if absent. */
  part: z.int().min(0).optional(),
  /** Traditional Chinese characters are made simplified ones before the tokenizer sees them. */
  simplified: z.boolean().optional(),
  /** Share of a text's tokens that the vocabulary must have, else the text cannot be placed; above none if absent. */
  minKnown: z.number().min(0).max(1).optional(),
});

const knots = z
  .array(z.tuple([z.number().min(-1).max(1), z.number().min(0).max(1)]))
  .min(2)
  .refine(isCalibration, 'knots rise strictly from [-1, 0] to [1, 1]');

/** The manifest of a model pack, `pack.json`; docs/model-packs.md explains every field. */
export const packManifest = z
  .strictObject({
    format: z.literal(1),
    name: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
    version: z.string().regex(/^\d+\.\d+\.\d+$/),
    licence: z.string().min(1),
    /** What runs the graphs: onnxruntime if absent; TensorFlow.js where it is installed. */
    runtime: z.enum(['onnx', 'tensorflow']).optional(),
    description: z.string().optional(),
    dims: z.int().min(1).max(MAX_DIMS),
    files: z.record(fileName, z.strictObject({ sha256: z.string().regex(SHA256_HEX) })),
    picture: z.strictObject({ parts: z.array(picturePart).min(1) }),
    categories: categories.optional(),
    subject: z.strictObject({ detector: detector.optional(), found: window, given: window }),
    text: text.optional(),
    languages: z.array(z.string().min(2)),
    calibration: z.strictObject({ picture: knots, text: knots.optional() }),
  })
  .superRefine((manifest, context) => {
    for (const message of contradictions(manifest)) context.addIssue({ code: 'custom', message });
  });

export type PackManifest = z.infer<typeof packManifest>;
export type PixelInput = z.infer<typeof pixelInput>;
export type PicturePart = z.infer<typeof picturePart>;
export type CategoryHead = z.infer<typeof categories>;
export type DetectorSpec = z.infer<typeof detector>;
export type WindowSpec = z.infer<typeof window>;
export type TextSpec = z.infer<typeof text>;

function isCalibration(points: readonly (readonly [number, number])[]): boolean {
  const rises = points.every(([x, y], i) => {
    const before = points[i - 1];
    return before === undefined || (x > before[0] && y > before[1]);
  });
  const [first, last] = [points[0], points.at(-1)];
  return rises && first?.[0] === -1 && first[1] === 0 && last?.[0] === 1 && last[1] === 1;
}

interface CheckedFields {
  readonly dims: number;
  readonly files: Readonly<Record<string, unknown>>;
  readonly picture: { readonly parts: readonly PicturePart[] };
  readonly categories?: CategoryHead | undefined;
  readonly subject: { readonly detector?: DetectorSpec | undefined };
  readonly text?: TextSpec | undefined;
  readonly languages: readonly string[];
  readonly calibration: { readonly text?: unknown };
}

/** What is well-formed field by field and still cannot be. */
function contradictions(manifest: CheckedFields): readonly string[] {
  const { dims, picture, files } = manifest;
  const sum = picture.parts.reduce((total, part) => total + part.dims, 0);
  const missing = referencedFiles(manifest).filter((file) => !Object.hasOwn(files, file));
  const unknownParts = referencedParts(manifest).filter((part) => part >= picture.parts.length);
  return [
    ...(sum === dims ? [] : [`dims is ${dims}, its parts have ${sum}`]),
    ...missing.map((file) => `files does not list ${file}`),
    ...unknownParts.map((part) => `there is no picture part ${part}`),
    ...textContradictions(manifest),
  ];
}

/** A text's score and its language are told, so a pack must know them. */
function textContradictions(manifest: CheckedFields): readonly string[] {
  if (manifest.text === undefined) return [];
  return [
    ...(manifest.calibration.text === undefined ? ['text needs calibration.text'] : []),
    ...(manifest.languages.length === 0 ? ['text needs at least one of languages'] : []),
  ];
}

function referencedParts({ categories, text: words }: CheckedFields): readonly number[] {
  const source = categories?.source;
  return [source?.kind === 'part' ? source.part : [], words?.part ?? []].flat();
}

function referencedFiles({ picture, categories, subject, text: words }: CheckedFields): string[] {
  const names = picture.parts.map((part) => part.file);
  if (categories?.source.kind === 'graph') names.push(categories.source.file);
  if (subject.detector !== undefined) names.push(subject.detector.file);
  if (words !== undefined) names.push(words.file, words.tokenizer);
  return names;
}
