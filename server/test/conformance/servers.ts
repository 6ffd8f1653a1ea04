/** The servers that every run asks, started as operators start them, and the instances that no vendor's SDK can create. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ImageSearchClient } from '@likeness/sdk';
import { fromFile } from '@likeness/sdk/node';

import { launchServerOn } from '../support/launched-server.ts';
import { openRecorder } from './recorder.ts';
import type { Recorder } from './recorder.ts';
import { PICTURES } from './scenario.ts';
import type { RunAddresses } from './scenario.ts';

export interface Servers {
  readonly addresses: RunAddresses;
  readonly recorder: Recorder;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** PEM of the CA that both servers' certificates come from. */
  readonly caFile: string;
  /** Holds nothing that is worth keeping. */
  readonly folder: string;
  createInstance(instanceName: string): Promise<void>;
  stop(): Promise<void>;
}

/** Refuses searches soon: one a second. */
const THROTTLED = { instanceName: 'throttled', serviceType: 'generic', qps: 1 } as const;
const PICTURE = fileURLToPath(new URL('campfire-guitar-front.jpg', PICTURES));
/** Beyond the 15 minutes that a signature may be old. */
const AHEAD_MS = 20 * 60_000;
const CLOCK_AHEAD = fileURLToPath(new URL('../support/clock-ahead.mjs', import.meta.url));

export async function startServers(): Promise<Servers> {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-conformance-'));
  const server = await launchServerOn(join(folder, 'server'));
  const ahead = await launchServerOn(join(folder, 'ahead'), {
    environment: { NODE_OPTIONS: `--import=${CLOCK_AHEAD}`, CLOCK_AHEAD_MS: String(AHEAD_MS) },
  });
  const { host } = new URL(server.endpoint);
  const recorder = await openRecorder(host);
  const { LIKENESS_ACCESS_KEY_ID = '', LIKENESS_ACCESS_KEY_SECRET = '' } = server.clientEnvironment;
  const key = { accessKeyId: LIKENESS_ACCESS_KEY_ID, accessKeySecret: LIKENESS_ACCESS_KEY_SECRET };
  const client = new ImageSearchClient({ endpoint: `http://${host}`, ...key });
  const caFile = join(folder, 'ca.pem');
  const authorities = [server, ahead].map(({ dataDir }) =>
    readFile(join(dataDir, 'tls', 'ca.pem'), 'utf8'),
  );
  await writeFile(caFile, (await Promise.all(authorities)).join('\n'));
  await client.createInstance(THROTTLED);
  const { instanceName } = THROTTLED;
  await client.addImage({
    instanceName,
    productId: 'p1',
    picName: 'front',
    picContent: fromFile(PICTURE),
  });
  return {
    addresses: { server: host, recorder: recorder.address, ahead: new URL(ahead.endpoint).host },
    recorder,
    ...key,
    caFile,
    folder,
    createInstance: async (instanceName) => {
      await client.createInstance({ instanceName, serviceType: 'multimodal' });
    },
    stop: async () => {
      await recorder.close();
      await Promise.all([server.stop(), ahead.stop()]);
      await rm(folder, { recursive: true });
    },
  };
}
