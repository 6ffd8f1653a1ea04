import type { PictureAnalysis, PictureRequest, Vision } from '../vision/vision.ts';
import type { CallOptions } from './catalog.ts';

/** Looks at a picture and reports what each stage took. */
export async function analyzePicture(
  vision: Vision,
  request: PictureRequest,
  { signal, onStage }: CallOptions,
): Promise<PictureAnalysis> {
  signal?.throwIfAborted();
  const analysis = await vision.analyze(request, signal);
  const { decode, subject, embed } = analysis.timingsMs;
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
