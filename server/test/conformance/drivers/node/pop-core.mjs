/** The vendor's older cores: RPC v1 with any action, and ROA with the three of 2019-03-25. */
import { Agent } from 'node:https';

import { readValue } from './generated.mjs';

const PATIENCE_MS = 60_000;

export function openPopCore(run, require) {
  const { RPCClient } = require(run.package);
  return async (step) => {
    if (step.isAdvance) return { absent: 'no upload' };
    const client = new RPCClient({
      endpoint: `${step.protocol}://${step.endpoint}`,
      apiVersion: step.version,
      accessKeyId: run.accessKeyId,
      accessKeySecret: step.accessKeySecret,
      // Its own agents keep no connection over a change of protocol.
      opts: { timeout: PATIENCE_MS, ...(step.protocol === 'https' && { agent: new Agent() }) },
    });
    const fields = await readRequest(step);
    return { body: await client.request(step.action, fields, { method: 'POST' }) };
  };
}

const ROA_CALLS = {
  AddImage: { method: 'addImage' },
  DeleteImage: { method: 'deleteImage' },
  SearchImageByPic: { method: 'searchImage', fields: { Type: 'SearchByPic' } },
  SearchImageByName: { method: 'searchImage', fields: { Type: 'SearchByName' } },
};
const ROA_HEADERS = { 'content-type': 'application/x-www-form-urlencoded;charset=utf-8' };
/** What 2020-12-14 has from 4.1 on alone. */
export const LATER_FIELDS = ['ScoreThreshold', 'DistinctProductId', 'IsDeleteByFilter'];

export function openRoaClient(run, require) {
  const Client = require(run.package);
  return async (step) => {
    const roaCall = ROA_CALLS[step.action];
    if (step.isAdvance || roaCall === undefined) return { absent: `no ${step.action}` };
    const later = LATER_FIELDS.find((name) => name in step.request);
    if (later !== undefined) return { absent: `no ${later}` };
    const client = new Client({
      endpoint: `${step.protocol}://${step.endpoint}`,
      accessKeyId: run.accessKeyId,
      accessKeySecret: step.accessKeySecret,
    });
    const fields = { ...(await readRequest(step)), ...roaCall.fields };
    const form = new URLSearchParams(fields).toString();
    const body = await client[roaCall.method](form, ROA_HEADERS, { timeout: PATIENCE_MS });
    return { body };
  };
}

/** A step's request with its pictures as Base64. */
export async function readRequest({ request }) {
  const fields = Object.entries(request).map(async ([name, value]) => [
    name,
    await readValue(value, false),
  ]);
  return Object.fromEntries(await Promise.all(fields));
}
