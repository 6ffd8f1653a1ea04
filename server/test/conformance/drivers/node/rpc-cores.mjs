/** The cores of the generations before `callApi`, by the methods that their generated clients call. */
import { LATER_FIELDS, readRequest } from './pop-core.mjs';

const PATIENCE = { connectTimeout: 60_000, readTimeout: 60_000 };
/** What 2020-02-12 has. */
const EARLIER_ACTIONS = new Set([
  'AddImage',
  'DeleteImage',
  'SearchImageByPic',
  'SearchImageByName',
]);

/** openapi-client 0.3, which 3.1.2 calls by `doRPCRequest`. */
export function openRpcCore(run, require) {
  const { OpenApiRequest } = require(run.package);
  return async (step) => {
    if (step.isAdvance) return { absent: 'no upload' };
    const { client, runtime } = openClient(run, require, step);
    const call = [step.action, step.version, 'HTTPS', 'POST', 'AK', 'json'];
    const request = new OpenApiRequest({ body: await readRequest(step) });
    const { body } = await client.doRPCRequest(...call, request, runtime);
    return { body };
  };
}

/** rpc-client 1.3, which the client of 2020-02-12 calls by `doRequest`. */
export function openRpcClient(run, require) {
  return async (step) => {
    const later = LATER_FIELDS.find((name) => name in step.request);
    if (later !== undefined) return { absent: `no ${later}` };
    if (step.isAdvance || !EARLIER_ACTIONS.has(step.action)) {
      return { absent: `no ${step.action}` };
    }
    const { client, runtime } = openClient(run, require, step);
    const call = [step.action, 'HTTPS', 'POST', '2020-02-12', 'AK'];
    return { body: await client.doRequest(...call, null, await readRequest(step), runtime) };
  };
}

function openClient(run, require, { endpoint, protocol, accessKeySecret }) {
  const { default: Client, Config } = require(run.package);
  const { RuntimeOptions } = require('@alicloud/tea-util');
  const { accessKeyId } = run;
  return {
    client: new Client(new Config({ endpoint, protocol, accessKeyId, accessKeySecret })),
    runtime: new RuntimeOptions(PATIENCE),
  };
}
