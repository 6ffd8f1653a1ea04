import { randomBytes } from 'node:crypto';

import { ApiError } from '@likeness/shared/errors';

import type { ActionCall, ActionServices } from '../../src/actions/action.ts';
import { KeyRing, type KeyRingOptions } from '../../src/auth/key-ring.ts';
import { createMasterKey, GivenMasterKey } from '../../src/auth/master-key-source.ts';
import { PictureLinks } from '../../src/auth/picture-links.ts';
import { RateLimiter } from '../../src/auth/rate-limiter.ts';
import { GivenRootKey } from '../../src/auth/root-key.ts';
import type { Catalog } from '../../src/catalog/catalog.ts';
import { PictureFetcher } from '../../src/fetch/picture-fetcher.ts';
import type { AuditEvent } from '../../src/log/audit-log.ts';
import { UploadTickets } from '../../src/uploads/upload-tickets.ts';
import { TEST_KEY } from './gateway-server.ts';
import { MemoryValues } from './memory-values.ts';

/** A call, but for who calls and what is asked: of a client that stays and has uploaded nothing. */
export const PLAIN_CALL: Omit<ActionCall, 'caller' | 'parameters'> = {
  requestId: 'R',
  authority: '127.0.0.1:8000',
  loadPicture: async () => {
    throw new ApiError('InvalidPicUrl');
  },
  signal: new AbortController().signal,
  onStage: () => {},
};

/** What actions work with, in memory, and what they wrote to the audit log. */
export interface MemoryActionServices extends ActionServices {
  readonly accessKeys: KeyRing;
  readonly audited: readonly AuditEvent[];
}

export async function openActionServices(
  catalog: Catalog,
  now: () => number,
): Promise<MemoryActionServices> {
  const audited: AuditEvent[] = [];
  const accessKeys = await openMemoryKeyRing({ now });
  return {
    catalog,
    instanceRates: new RateLimiter(() => 0),
    accessKeys,
    pictureLinks: new PictureLinks({ credentials: accessKeys, now }),
    pictures: new PictureFetcher({ hosts: [] }),
    uploadTickets: new UploadTickets({
      secret: TEST_KEY.accessKeySecret,
      credentials: accessKeys,
      createId: () => '0'.repeat(32),
      now,
    }),
    usage: { report: async () => ({ calls: [], storage: [] }) },
    program: { version: '0', node: 'v20', platform: 'none', startedMs: 0 },
    audit: { note: (event) => void audited.push(event) },
    audited,
    now,
  };
}

/** Keys over values in memory, sealed under a master key of its own, unless told otherwise. */
export function openMemoryKeyRing(options: Partial<KeyRingOptions> = {}): Promise<KeyRing> {
  return KeyRing.open({
    root: new GivenRootKey(TEST_KEY),
    values: new MemoryValues(),
    write: (task) => task(),
    masterKeys: new GivenMasterKey(createMasterKey(randomBytes), async () => {}),
    now: Date.now,
    randomBytes,
    onDamage: failTest,
    onError: failTest,
    ...options,
  });
}

function failTest(reason: unknown): never {
  throw new Error('unexpected', { cause: reason });
}
