/**
 * The cores that generation 4.0 of the generated client installs, driven as it drives them: any action by `callApi`,
 * and for a stream first `AuthorizeFileUpload`, then the form of the object store's client.
 */
import { readValue } from './generated.mjs';

const PATIENCE_MS = 60_000;
const PATIENCE = { connectTimeout: PATIENCE_MS, readTimeout: PATIENCE_MS };

export function openCores(run, require) {
  const core = require(run.package);
  const { RuntimeOptions } = require('@alicloud/tea-util');
  const callApi = async (target, { action, version, method = 'POST', ...request }) => {
    const client = new core.default(
      new core.Config({
        endpoint: target.endpoint,
        protocol: target.protocol,
        accessKeyId: run.accessKeyId,
        accessKeySecret: target.accessKeySecret,
        ...(run.signature === 'RPC v1' && { signatureAlgorithm: 'v2' }),
      }),
    );
    const params = new core.Params({ ...STYLE, action, version, method });
    const runtime = new RuntimeOptions(PATIENCE);
    const { body } = await client.callApi(params, new core.OpenApiRequest(request), runtime);
    return body;
  };
  const upload = async (target, content) => {
    const action = { action: 'AuthorizeFileUpload', version: '2019-12-19', method: 'GET' };
    const ticket = await callApi(target, { ...action, query: { Product: 'ImageSearch' } });
    await postObject(require, { target, ticket, content });
    return `http://${ticket.Bucket}.${ticket.Endpoint}/${ticket.ObjectKey}`;
  };
  return async (step) => {
    const body = {};
    for (const [name, value] of Object.entries(step.request)) {
      const isStream = step.isAdvance && typeof value === 'object';
      const read = await readValue(value, isStream);
      body[name] = isStream ? await upload(step, read) : read;
    }
    return { body: await callApi(step, { action: step.action, version: step.version, body }) };
  };
}

/** What the generated client says of every action. */
const STYLE = {
  protocol: 'HTTPS',
  pathname: '/',
  authType: 'AK',
  style: 'RPC',
  reqBodyType: 'formData',
  bodyType: 'json',
};

async function postObject(require, { target, ticket, content }) {
  const oss = require('@alicloud/oss-client');
  const { RuntimeOptions } = require('@alicloud/oss-util');
  const { FileField } = require('@alicloud/tea-fileform');
  const client = new oss.default(
    new oss.Config({
      type: 'access_key',
      accessKeyId: ticket.AccessKeyId,
      accessKeySecret: target.accessKeySecret,
      endpoint: ticket.Endpoint,
      protocol: target.protocol,
    }),
  );
  const header = new oss.PostObjectRequestHeader({
    accessKeyId: ticket.AccessKeyId,
    policy: ticket.EncodedPolicy,
    signature: ticket.Signature,
    key: ticket.ObjectKey,
    file: new FileField({ filename: ticket.ObjectKey, content, contentType: '' }),
    successActionStatus: '201',
  });
  const request = new oss.PostObjectRequest({ bucketName: ticket.Bucket, header });
  await client.postObject(request, new RuntimeOptions(PATIENCE));
}
