import type { FormWorkers } from './form-workers.ts';
import { readJsonContent, type JsonContent } from './json-content.ts';
import { MAX_INLINE_FORM_BYTES } from './limits.ts';

/**
 * Reads a JSON body: here if it is small, else in a thread.
 *
 * @throws {ApiError} as `readJsonContent`; `ServiceUnavailable` where the threads have too much to do
 */
export async function readJson(
  body: Buffer,
  workers: Pick<FormWorkers, 'readJson'>,
): Promise<JsonContent> {
  return body.length > MAX_INLINE_FORM_BYTES ? workers.readJson(body) : readJsonContent(body);
}
