/** The vendor's generated clients: 3.1.x to the newest, whose classes bear the wire's names. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** Both must be raised: the SDK takes `connectTimeout`, 3 s, for the whole exchange. */
const PATIENCE_MS = 60_000;

export function openGenerated(run, require) {
  const sdk = require(run.package);
  const core = coreOf(createRequire(require.resolve(run.package)));
  const clients = new Map();
  const clientOf = ({ endpoint, protocol, accessKeySecret }) => {
    const key = [endpoint, protocol, accessKeySecret].join();
    if (!clients.has(key)) clients.set(key, open({ endpoint, protocol, accessKeySecret }));
    return clients.get(key);
  };
  const open = (target) => {
    const client = new sdk.default(
      new core.Config({
        ...target,
        accessKeyId: run.accessKeyId,
        connectTimeout: PATIENCE_MS,
        readTimeout: PATIENCE_MS,
        ...(run.signature === 'RPC v1' && { signatureAlgorithm: 'v2' }),
      }),
    );
    client._openPlatformEndpoint = target.endpoint;
    return client;
  };
  return async (step) => {
    const Request = sdk[`${step.action}${step.isAdvance ? 'Advance' : ''}Request`];
    if (Request === undefined)
      return { absent: `no ${step.action}${step.isAdvance ? 'Advance' : ''}` };
    const fields = await readFields(step, Request.names());
    if (fields.absent !== undefined) return fields;
    const method = step.action.charAt(0).toLowerCase() + step.action.slice(1);
    const runtime = new core.RuntimeOptions({
      connectTimeout: PATIENCE_MS,
      readTimeout: PATIENCE_MS,
    });
    const client = clientOf(step);
    const { body } = await client[`${method}${step.isAdvance ? 'Advance' : 'WithOptions'}`](
      new Request(fields),
      runtime,
    );
    return { body: body.toMap() };
  };
}

/** What a generation names its settings by: openapi-core from 4.1 on, openapi-client before. */
function coreOf(require) {
  try {
    const { $OpenApiUtil } = require('@alicloud/openapi-core');
    return { ...$OpenApiUtil, RuntimeOptions: require('@darabonba/typescript').RuntimeOptions };
  } catch {
    const { Config } = require('@alicloud/openapi-client');
    return { Config, RuntimeOptions: require('@alicloud/tea-util').RuntimeOptions };
  }
}

/** A step's request under the SDK's names. */
async function readFields({ request, isAdvance }, wireNames) {
  const names = new Map(Object.entries(wireNames).map(([name, wireName]) => [wireName, name]));
  const fields = {};
  for (const [wireName, value] of Object.entries(request)) {
    const name = names.get(wireName) ?? names.get(`${wireName}Object`);
    if (name === undefined) return { absent: `no ${wireName}` };
    fields[name] = await readValue(value, isAdvance);
  }
  return fields;
}

/** A picture as Base64, or as the stream that an Advance call takes. */
export async function readValue(value, isStream) {
  if (typeof value !== 'object') return value;
  return isStream ? createReadStream(value.file) : readFile(value.file, 'base64');
}
