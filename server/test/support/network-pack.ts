import { readFile } from 'node:fs/promises';

import { alterPack } from './model-packs.ts';

export interface NetworkPackOptions {
  /** Of the detector, whose one sure box is the right half, with 0.9. */
  readonly minScore?: number;
  /** Of the categories. */
  readonly wholeWeight?: number;
}

const INPUT = {
  name: 'pixels',
  widthPx: 16,
  heightPx: 16,
  type: 'uint8',
  layout: 'nchw',
  channels: 'rgb',
  resize: { mode: 'squash', kernel: 'cubic' },
} as const;

/** Steep at the end, so that mean colours that are nearly one have scores of their own. */
const CALIBRATION: readonly (readonly [number, number])[] = [
  [-1, 0],
  [0.99, 0.5],
  [1, 1],
];

/** A pack in the shape of a trained one: one graph is picture part (the mean colour), category head and detector. */
export async function makeNetworkPack(options: NetworkPackOptions = {}): Promise<string> {
  const { minScore = 0.5, wholeWeight = 0 } = options;
  const network = await readFile(new URL('graphs/network.onnx', import.meta.url));
  const file = 'network.onnx';
  return alterPack(
    ({ format, name, version, licence, files }) => ({
      format,
      name,
      version,
      licence,
      files,
      dims: 3,
      picture: { parts: [{ file, input: INPUT, output: 'embedding', dims: 3, weight: 1 }] },
      categories: {
        source: { kind: 'part', part: 0, output: 'logits' },
        ids: [1, 2],
        temperature: 1,
        wholeWeight,
      },
      subject: {
        detector: {
          file,
          input: INPUT,
          boxes: 'boxes',
          scores: 'scores',
          minScore,
          maxOverlap: 0.7,
        },
        found: { scale: 1, aspect: 'box', wholeWeight: 0.5 },
        given: { scale: 1, aspect: 'box', wholeWeight: 0 },
      },
      languages: [],
      calibration: { picture: CALIBRATION },
    }),
    { [file]: network },
  );
}
