export interface AddProgress {
  /** Pictures that were added or refused. */
  readonly done: number;
  readonly failures: readonly { readonly name: string; readonly error: unknown }[];
}

/** Enough to keep the server's vision processes busy, without taking all of its queue. */
const ADDED_AT_ONCE = 4;

/** Adds each file. One that is refused leaves the others alone. */
export async function addPictures(
  files: readonly File[],
  add: (file: File) => Promise<void>,
  onProgress: (progress: AddProgress) => void,
): Promise<void> {
  const left = [...files];
  let progress: AddProgress = { done: 0, failures: [] };
  const work = async (): Promise<void> => {
    for (let file = left.shift(); file !== undefined; file = left.shift()) {
      const { name } = file;
      const failure = await add(file).then(
        () => [],
        (error: unknown) => [{ name, error }],
      );
      progress = { done: progress.done + 1, failures: [...progress.failures, ...failure] };
      onProgress(progress);
    }
  };
  await Promise.all(Array.from({ length: ADDED_AT_ONCE }, work));
}
