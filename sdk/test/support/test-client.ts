import { ImageSearchClient } from '@likeness/sdk';
import type { ClientOptions } from '@likeness/sdk';
import { parseForm } from '@likeness/shared/encoding';

import type { RecordedRequest } from './recording-server.ts';

/** The clock of {@link connectTo} stands still here. */
export const NOW = Date.parse('2026-11-21T08:00:00Z');

/** Four bytes of a JPEG, as far as anyone here looks. */
export const PICTURE = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0);
export const PICTURE_BASE64 = '/9j/4A==';

/** A client whose waits take no time and are written down in `sleeps`. */
export function connectTo(
  endpoint: string,
  sleeps: number[],
  options: Partial<ClientOptions> = {},
): ImageSearchClient {
  return new ImageSearchClient({
    endpoint,
    accessKeyId: 'testid',
    accessKeySecret: 'testsecret',
    clock: {
      now: () => NOW,
      sleep: async (ms, signal) => {
        signal?.throwIfAborted();
        sleeps.push(ms);
      },
    },
    ...options,
  });
}

/** The fields of a request's body. */
export function formOf(request: RecordedRequest | undefined): Record<string, string> {
  return Object.fromEntries(parseForm(String(request?.body)));
}
