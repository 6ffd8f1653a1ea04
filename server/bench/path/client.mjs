/**
 * Clients in a process of their own. Requests are written and signed before a round begins; sockets are plain ones, so that
 * little of the processor's time is theirs.
 *
 * Answers `{ kind: 'prepare', … }` with the number of requests that lie ready, and `{ kind: 'run', … }` with what each took.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';

import { formatForm } from '@likeness/shared/encoding';
import { signAcs3 } from '@likeness/shared/signing';

import { NODE_HASHES } from '../../dist/auth/node-hashes.js';
import { answerQuestions } from './answer-questions.mjs';
import { STAMPED_AT, stampOf } from './pictures.mjs';

const VERSION = '2020-12-14';
const HEAD_END = '\r\n\r\n';

/** Whole requests as bytes, by the name of their kind. */
const ready = new Map();
/** By file: the picture, and what of it every form has as it is. */
const pictures = new Map();

/** @param {{ port: number, key: object, lane: string, calls: readonly { action: string, form: object, picture?: string, stamp?: number }[] }} wanted */
async function prepare({ port, key, lane, calls }) {
  const requests = [];
  for (const { action, form, picture, stamp } of calls) {
    const fields = formatForm(Object.entries(form));
    const content = picture === undefined ? '' : `&${await contentOf(picture, stamp)}`;
    requests.push(write(port, key, action, `${fields}${content}`));
  }
  ready.set(lane, requests);
  return { ready: requests.length };
}

/** The picture as a parameter of a form: what is the same in all forms is made once. */
async function contentOf(file, stamp) {
  if (!pictures.has(file)) {
    const picture = await readFile(file);
    pictures.set(file, {
      picture,
      whole: escape(picture),
      rest: escape(picture.subarray(STAMPED_AT)),
    });
  }
  const { picture, whole, rest } = pictures.get(file);
  return `PicContent=${stamp === undefined ? whole : `${escape(stampOf(picture, stamp))}${rest}`}`;
}

function escape(bytes) {
  return encodeURIComponent(bytes.toString('base64'));
}

function write(port, key, action, form) {
  const body = Buffer.from(form);
  const bodyHash = createHash('sha256').update(body).digest('hex');
  const headers = {
    host: `127.0.0.1:${port}`,
    'x-acs-action': action,
    'x-acs-version': VERSION,
    'x-acs-date': `${new Date().toISOString().slice(0, 19)}Z`,
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-content-sha256': bodyHash,
    'content-type': 'application/x-www-form-urlencoded',
  };
  const signable = { method: 'POST', path: '/', query: [], headers, bodyHash };
  const all = {
    ...headers,
    authorization: signAcs3(signable, key, NODE_HASHES),
    'content-length': body.length,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return Buffer.concat([Buffer.from(`POST / HTTP/1.1\r\n${lines.join('\r\n')}${HEAD_END}`), body]);
}

/** @param {{ port: number, lanes: readonly { lane: string, clients: number }[], untilMs?: number }} wanted */
async function run({ port, lanes, untilMs = Infinity }) {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const endMs = started + untilMs;
  const outcomes = Object.fromEntries(lanes.map(({ lane }) => [lane, []]));
  await Promise.all(
    lanes.flatMap(({ lane, clients }) =>
      Array.from({ length: clients }, () => drain(port, ready.get(lane), outcomes[lane], endMs)),
    ),
  );
  const { user, system } = process.cpuUsage(cpu);
  return { outcomes, wallMs: performance.now() - started, cpuMs: (user + system) / 1000 };
}

/** One client: the next request as soon as the last is answered. */
async function drain(port, requests, outcomes, endMs) {
  const connection = await Connection.open(port);
  try {
    while (requests.length > 0 && performance.now() < endMs) {
      const request = requests.shift();
      const started = performance.now();
      const { status, text } = await connection.send(request);
      const ms = performance.now() - started;
      const code = status === 200 ? 'ok' : (/"Code":"([^"]+)"/u.exec(text)?.[1] ?? `${status}`);
      outcomes.push({ ms, code, bytes: text.length });
    }
  } finally {
    connection.close();
  }
}

class Connection {
  #socket;
  #text = '';
  #waiting;

  static open(port) {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () =>
        resolve(new Connection(socket)),
      );
      socket.once('error', reject);
    });
  }

  constructor(socket) {
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => this.#hear(chunk));
    const gone = () => this.#waiting?.reject(new Error('the connection ended before its answer'));
    socket.on('error', gone).on('close', gone);
  }

  send(request) {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close() {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #hear(chunk) {
    this.#text += chunk;
    const end = this.#text.indexOf(HEAD_END);
    if (end === -1) return;
    const length = /^content-length: (\d+)/imu.exec(this.#text.slice(0, end))?.[1];
    if (length === undefined) throw new Error('an answer without a length');
    const whole = end + HEAD_END.length + Number(length);
    if (this.#text.length < whole) return;
    const status = Number(this.#text.slice(9, 12));
    const text = this.#text.slice(end + HEAD_END.length, whole);
    this.#text = '';
    this.#waiting.resolve({ status, text });
  }
}

const KINDS = { prepare, run };
answerQuestions(({ kind, ...wanted }) => KINDS[kind](wanted));
