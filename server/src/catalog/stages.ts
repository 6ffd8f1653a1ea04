import type { PictureAnalysis, PictureRequest, Vision } from '../vision/vision.ts';
import type { CallOptions } from './catalog.ts';

/** Looks at a picture and reports what each stage took. */
export async function analyzePicture(
  vision: Vision,
  request: PictureRequest,
  { signal, onStage }: CallOptions,
): Promise<PictureAnalysis> {
  signal?.throwIfAborted();
  const startMs = performance.now();
  const analysis = await vision.analyze(request, signal);
  const { decode, subject, embed } = analysis.timingsMs;
  // What the processes did not work on it: it waited for one, or was on the way.
  onStage?.('queue', Math.max(0, performance.now() - startMs - decode - subject - embed));
  onStage?.('decode', decode);
  onStage?.('subject', subject);
  onStage?.('embed', embed);
  return analysis;
}

/** Runs `task` and reports how long it took. */
export async function timeStage<Result>(
  stage: string,
  { onStage }: CallOptions,
  task: () => Promise<Result>,
): Promise<Result> {
  const startMs = performance.now();
  try {
    return await task();
  } finally {
    onStage?.(stage, performance.now() - startMs);
  }
}
