import type { AddImageRequest, ImageSearchClient } from '@likeness/sdk';

export interface AddProgress {
  /** Pictures that were added or refused. */
  readonly done: number;
  readonly failures: readonly { readonly name: string; readonly error: unknown }[];
}

/** What all pictures share; an empty ProductId is each file's own name. */
export type AddSettings = Omit<AddImageRequest, 'picContent' | 'picName'>;

/** Enough to keep the server's vision processes busy, without taking all of its queue. */
const ADDED_AT_ONCE = 4;

/** Adds each file under its name. One that is refused leaves the others alone. */
export async function addPictures(
  client: ImageSearchClient,
  files: readonly File[],
  settings: AddSettings,
  onProgress: (progress: AddProgress) => void,
): Promise<void> {
  const left = [...files];
  let progress: AddProgress = { done: 0, failures: [] };
  const add = async (file: File): Promise<void> => {
    const productId = settings.productId || file.name.replace(/\.[^.]+$/u, '');
    try {
      await client.addImage({ ...settings, productId, picName: file.name, picContent: file });
    } catch (error) {
      progress = { ...progress, failures: [...progress.failures, { name: file.name, error }] };
    }
    progress = { ...progress, done: progress.done + 1 };
    onProgress(progress);
  };
  const work = async (): Promise<void> => {
    for (let file = left.shift(); file !== undefined; file = left.shift()) await add(file);
  };
  await Promise.all(Array.from({ length: ADDED_AT_ONCE }, work));
}
