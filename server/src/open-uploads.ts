import { randomBytes } from 'node:crypto';

import type { CredentialStore } from './auth/credentials.ts';
import type { Catalog } from './catalog/catalog.ts';
import type { Config } from './config/config.ts';
import { nodeDisk } from './disk/disk.ts';
import type { Logger } from './log/logger.ts';
import { foldersIn } from './store/data-folder.ts';
import { UploadStore } from './uploads/upload-store.ts';
import { UploadTickets } from './uploads/upload-tickets.ts';

/** 128 bits that nobody guesses. */
const ID_BYTES = 16;

export interface UploadsOptions {
  readonly config: Pick<Config, 'dataDir' | 'publicUrl' | 'uploadBytes'>;
  readonly logger: Logger;
  readonly catalog: Pick<Catalog, 'guardWrite'>;
  readonly credentials: Pick<CredentialStore, 'find'>;
  /** Of the root key. */
  readonly secret: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What streams are uploaded by, and to. */
export interface Uploads {
  readonly tickets: UploadTickets;
  readonly store: UploadStore;
}

export async function openUploads(options: UploadsOptions): Promise<Uploads> {
  const { config, logger, catalog, credentials, secret, now } = options;
  const { publicUrl } = config;
  const store = await UploadStore.open({
    folder: foldersIn(config.dataDir).uploads,
    disk: nodeDisk,
    maxBytes: config.uploadBytes,
    guardWrite: (task) => catalog.guardWrite(task),
    now,
    onError: (error) => logger.warn({ err: error }, 'an upload could not be moved or removed'),
  });
  const tickets = new UploadTickets({
    secret,
    credentials,
    ...(publicUrl !== undefined && { publicAuthority: new URL(publicUrl).host }),
    createId: () => randomBytes(ID_BYTES).toString('hex'),
    now,
  });
  return { tickets, store };
}
