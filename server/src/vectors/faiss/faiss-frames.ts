import { NO_BODY, type Frame } from '../../processes/frames.ts';

/** What the faiss process is asked. `index` is a number that the server chose; rows and queries are the body. */
export type FaissRequest =
  | {
      readonly kind: 'create';
      readonly index: number;
      readonly dims: number;
      readonly description: string;
    }
  /** Rows to learn from, and then to learn. */
  | { readonly kind: 'sample'; readonly index: number }
  | { readonly kind: 'train'; readonly index: number; readonly effort: number | undefined }
  /** Rows are numbered from 0 on, in the order in which they are added. */
  | { readonly kind: 'add'; readonly index: number }
  | { readonly kind: 'search'; readonly index: number; readonly num: number }
  | { readonly kind: 'drop'; readonly index: number };

/** What it answers; the numbers of the rows found are the body. */
export type FaissAnswer =
  | { readonly kind: 'done'; readonly isTrained: boolean }
  | { readonly kind: 'failed'; readonly message: string };

export function writeAnswer(answer: FaissAnswer, labels?: Int32Array): Frame {
  return { head: answer, body: labels === undefined ? NO_BODY : new Uint8Array(labels.buffer) };
}

/** Row numbers; -1 where nothing was found. A copy, as of floats. */
export function readLabels(body: Uint8Array): Int32Array {
  return new Int32Array(Uint8Array.from(body).buffer);
}
