/**
 * Searches by a picture with nothing but `fetch` and `node:crypto`: what to do where there is no SDK.
 *
 *     npm run build && node examples/dist/raw-http.js shoes query.jpg
 */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';

const [instanceName = 'shoes', file = 'query.jpg'] = process.argv.slice(2);
const endpoint = new URL(process.env['LIKENESS_ENDPOINT'] ?? 'http://127.0.0.1:8000');
const accessKeyId = process.env['LIKENESS_ACCESS_KEY_ID'] ?? '';
const accessKeySecret = process.env['LIKENESS_ACCESS_KEY_SECRET'] ?? '';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (text: string) => createHmac('sha256', accessKeySecret).update(text).digest('hex');

// The body is a form; the picture is Base64 in it.
const body = new URLSearchParams({
  InstanceName: instanceName,
  PicContent: await readFile(file, 'base64'),
  Num: '5',
}).toString();

// What is signed: method, path, query, these headers, their names, and the hash of the body.
const headers: Record<string, string> = {
  'content-type': 'application/x-www-form-urlencoded',
  host: endpoint.host,
  'x-acs-action': 'SearchImageByPic',
  'x-acs-content-sha256': sha256(body),
  'x-acs-date': new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
  'x-acs-signature-nonce': randomUUID(),
  'x-acs-version': '2020-12-14',
};
const names = Object.keys(headers).toSorted();
const canonicalRequest = [
  'POST',
  '/',
  '',
  ...names.map((name) => `${name}:${headers[name]}`),
  '',
  names.join(';'),
  sha256(body),
].join('\n');
const signature = hmac(`ACS3-HMAC-SHA256\n${sha256(canonicalRequest)}`);
const authorization = `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`;

const response = await fetch(endpoint, {
  method: 'POST',
  headers: { ...headers, authorization },
  body,
});
console.log(response.status, JSON.stringify(await response.json(), null, 2));
process.exitCode = response.ok ? 0 : 1;
