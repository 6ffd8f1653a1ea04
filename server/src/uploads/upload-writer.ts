import { ApiError } from '@likeness/shared/errors';

import type { Disk } from '../disk/disk.ts';

export interface UploadWriterOptions {
  /** Of the file while it arrives. */
  readonly path: string;
  readonly maxBytes: number;
  readonly disk: Pick<Disk, 'create' | 'remove'>;
  readonly guardWrite: <Result>(task: () => Promise<Result>) => Promise<Result>;
  /** Gives the whole file its name. */
  readonly onCommit: (bytes: number) => Promise<void>;
  readonly onAbort: () => void;
  /** Told of a failure that no caller waits for. */
  readonly onError: (error: unknown) => void;
}

/** An upload that arrives. */
export interface UploadWriter {
  /** @throws {ApiError} `EntityTooLarge`; as the guard of writes */
  write(piece: Uint8Array): Promise<void>;
  /**
   * All has come: it can be named from now on, after a crash as well.
   *
   * @throws {ApiError} `EntityTooSmall` for nothing; as the guard of writes
   */
  commit(): Promise<void>;
  /** Forgets what has come. No effect after `commit`; never rejects. */
  abort(): Promise<void>;
}

/** @throws {ApiError} as the guard of writes */
export async function openUploadWriter(options: UploadWriterOptions): Promise<UploadWriter> {
  const { path, maxBytes, disk, guardWrite, onCommit, onAbort, onError } = options;
  const file = await guardWrite(() => disk.create(path)).catch((error: unknown) => {
    onAbort();
    throw error;
  });
  let bytes = 0;
  let isEnded = false;
  return {
    write: async (piece) => {
      bytes += piece.length;
      if (bytes > maxBytes) throw new ApiError('EntityTooLarge');
      await guardWrite(() => file.write(piece));
    },
    commit: async () => {
      if (bytes === 0) throw new ApiError('EntityTooSmall');
      await guardWrite(async () => {
        await file.sync();
        await onCommit(bytes);
      });
      isEnded = true;
      await file.close().catch(onError);
    },
    abort: async () => {
      if (isEnded) return;
      isEnded = true;
      await file.close().catch(onError);
      await disk.remove(path).catch(onError);
      onAbort();
    },
  };
}
