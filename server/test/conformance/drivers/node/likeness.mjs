/** Our own SDK, driven as the vendor's are. */
import { pathToFileURL } from 'node:url';

import { readValue } from './generated.mjs';

const PATIENCE_MS = 60_000;
const SIGNATURES = { ACS3: 'acs3', 'RPC v1': 'rpc-v1' };

export async function openLikeness(run, require) {
  const { ImageSearchClient } = await import(pathToFileURL(require.resolve(run.package)).href);
  return async (step) => {
    const client = new ImageSearchClient({
      endpoint: `${step.protocol}://${step.endpoint}`,
      accessKeyId: run.accessKeyId,
      accessKeySecret: step.accessKeySecret,
      signature: SIGNATURES[run.signature],
      timeoutMs: PATIENCE_MS,
      // What is refused for load shall be seen.
      retry: { maxTries: 1 },
    });
    const method = client[uncapitalize(step.action)];
    const fields = {};
    for (const [name, value] of Object.entries(step.request)) {
      fields[uncapitalize(name)] = await readValue(value, step.isAdvance);
    }
    return { body: await method.call(client, fields) };
  };
}

function uncapitalize(name) {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
