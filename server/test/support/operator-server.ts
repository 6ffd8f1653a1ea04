import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startObserved, type ObservedServer } from './observed-server.ts';
import { OperatorCalls } from './operator-calls.ts';

/** A server with libraries, and calls of its operator API without a key. */
export interface OperatorServer extends ObservedServer {
  readonly folder: string;
  readonly calls: OperatorCalls;
}

/** Starts one in a folder that goes when it stops, with libraries of whole pictures. */
export async function startOperatorServer(
  ...libraries: readonly string[]
): Promise<OperatorServer> {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-operators-'));
  const server = await startObserved(folder);
  const calls = new OperatorCalls(server.port);
  for (const library_name of libraries)
    await calls.post('library/create', { library_name, mode: 'general_search' });
  return {
    ...server,
    folder,
    calls,
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}
