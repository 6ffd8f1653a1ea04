import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { formatForm, parseForm } from '@likeness/shared/encoding';
import { ApiError } from '@likeness/shared/errors';

import { CAPTURES, type Capture } from '../../../shared/test/support/captures.ts';
import { Authenticator } from '../../src/auth/authenticator.ts';
import { RateLimiter } from '../../src/auth/rate-limiter.ts';
import { GivenRootKey } from '../../src/auth/root-key.ts';
import { NonceLedger } from '../../src/auth/nonce-ledger.ts';
import { detectScheme } from '../../src/auth/scheme.ts';
import { BodyBudget } from '../../src/http/body-budget.ts';
import { readForm } from '../../src/http/read-form.ts';
import { FormWorkers } from '../../src/http/form-workers.ts';
import { toSignedRequest } from '../../src/http/to-signed-request.ts';
import { openMemoryKeyRing } from '../support/action-services.ts';

/** In the middle of the captures' times. */
const FROZEN_MS = Date.parse('2026-11-21T03:55:05Z');

const isTemporary = ({ url, rawHeaders, bodyBase64 }: Capture): boolean =>
  `${url} ${rawHeaders.join(' ')} ${bodyOf({ bodyBase64 })}`
    .toLowerCase()
    .includes('securitytoken') ||
  rawHeaders.some((text) => text.toLowerCase() === 'x-acs-security-token');
const PERMANENT = CAPTURES.filter((capture) => !isTemporary(capture));

const now = (): number => FROZEN_MS;

const workers = new FormWorkers({ threads: 1 });
const lease = new BodyBudget(Infinity).open();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'likeness-captures-'));
});
afterAll(async () => {
  await workers.close();
  await rm(folder, { recursive: true });
});

function bodyOf({ bodyBase64 }: Pick<Capture, 'bodyBase64'>): string {
  return Buffer.from(bodyBase64, 'base64').toString();
}

function withBody(capture: Capture, body: string): Capture {
  return { ...capture, bodyBase64: Buffer.from(body).toString('base64') };
}

const isPython = ({ name }: Capture): boolean => name.includes('python');

let ledgers = 0;
/** Captures whose nonces differ: the Python ones were all signed with the same. */
function* rounds(): Generator<readonly Capture[]> {
  yield PERMANENT.filter((capture) => !isPython(capture));
  for (const capture of PERMANENT.filter(isPython)) yield [capture];
}

async function openAuthenticator(): Promise<Authenticator> {
  const credentials = await openMemoryKeyRing({
    root: new GivenRootKey({ accessKeyId: 'testid', accessKeySecret: 'testsecret' }),
  });
  ledgers += 1;
  const nonces = await NonceLedger.open({
    folder: join(folder, String(ledgers)),
    now,
    bootId: 'boot',
    mayHavePredecessor: false,
    onUnwritable: (error) => {
      throw error;
    },
  });
  return new Authenticator({ credentials, nonces, rates: new RateLimiter(now), now });
}

/** `ok`, or the code of the refusal. */
async function judge(authenticator: Authenticator, capture: Capture): Promise<string> {
  const body = Buffer.from(capture.bodyBase64, 'base64');
  const sha256 = createHash('sha256').update(body).digest('hex');
  const md5 = createHash('md5').update(body).digest('base64');
  const form = await readForm(body, workers, lease);
  const request = toSignedRequest(
    { ...capture, rawHeaders: [...capture.rawHeaders] },
    { sha256, md5 },
    form,
  );
  try {
    return (await authenticator.authenticate(request, detectScheme(request))).accessKeyId ===
      'testid'
      ? 'ok'
      : 'other';
  } catch (error) {
    if (!ApiError.is(error)) throw error;
    return error.code;
  }
}

async function judgeAll(
  authenticator: Authenticator,
  captures: readonly Capture[],
): Promise<(readonly [name: string, code: string])[]> {
  const codes: (readonly [string, string])[] = [];
  for (const capture of captures) codes.push([capture.name, await judge(authenticator, capture)]);
  return codes;
}

/** Turns a character of `text` into another one that is just as plausible there. */
function altered(text: string, at = 0): string {
  const to = text[at] === '1' ? '2' : '1';
  return text.slice(0, at) + to + text.slice(at + 1);
}

function* alteredHeaders(
  capture: Capture,
  isSigned: (name: string) => boolean,
): Generator<Capture> {
  for (let i = 0; i < capture.rawHeaders.length; i += 2) {
    if (isSigned(capture.rawHeaders[i]!.toLowerCase())) {
      yield {
        ...capture,
        rawHeaders: capture.rawHeaders.with(i + 1, altered(capture.rawHeaders[i + 1]!)),
      };
    }
  }
}

/** Each decoded name and each decoded value, altered, one at a time. */
function* alteredPairs(text: string): Generator<string> {
  const pairs = parseForm(text);
  for (const [i, [name, value]] of pairs.entries()) {
    yield formatForm(pairs.with(i, [altered(name), value]));
    yield formatForm(pairs.with(i, [name, altered(value)]));
  }
}

function* alteredQueries(capture: Capture): Generator<Capture> {
  const [path, query = ''] = capture.url.split('?');
  for (const each of alteredPairs(query)) yield { ...capture, url: `${path}?${each}` };
}

function alteredAuthorization(capture: Capture): Capture {
  const at = capture.rawHeaders.findIndex((text) => /^(ACS3-|acs )/u.test(text));
  const header = capture.rawHeaders[at]!;
  const signatureAt = header.search(/(?<=Signature=|acs [^:]*:)./u);
  return { ...capture, rawHeaders: capture.rawHeaders.with(at, altered(header, signatureAt)) };
}

function alteredSignature(text: string): string {
  return text.replace(/(?<=(?:^|[?&])Signature=)./u, (character) => altered(character));
}

function withAlteredSignature(capture: Capture): Capture {
  if (capture.scheme !== 'RPC-V1') return alteredAuthorization(capture);
  return withBody(
    { ...capture, url: alteredSignature(capture.url) },
    alteredSignature(bodyOf(capture)),
  );
}

function* alterations(capture: Capture): Generator<Capture> {
  const body = bodyOf(capture);
  if (capture.scheme === 'RPC-V1') {
    yield* alteredQueries(capture);
    for (const each of alteredPairs(body)) yield withBody(capture, each);
    return;
  }
  const signed = new Set(/SignedHeaders=([^,]+)/u.exec(capture.rawHeaders.join())?.[1]?.split(';'));
  const isSigned = (name: string): boolean =>
    capture.scheme === 'ACS3'
      ? signed.has(name)
      : /^(accept|content-md5|content-type|date|x-acs-.*)$/u.test(name);
  yield alteredAuthorization(capture);
  yield* alteredHeaders(capture, isSigned);
  yield* alteredQueries(capture);
  for (const each of alteredPairs(body)) yield withBody(capture, each);
  for (let at = 0; at < body.length; at += 7) yield withBody(capture, altered(body, at));
}

describe('the captured requests of the vendor SDKs', () => {
  test('are the 137 of the reference', () => {
    const schemes = CAPTURES.map(({ scheme }) => scheme);
    const count = (scheme: string): number => schemes.filter((each) => each === scheme).length;
    expect([count('ACS3'), count('RPC-V1'), count('ROA-V1')]).toEqual([89, 45, 3]);
    expect(PERMANENT).toHaveLength(132);
  });

  test('verify, and are replays the second time', async () => {
    for (const captures of rounds()) {
      const authenticator = await openAuthenticator();
      for (const expected of ['ok', 'SignatureNonceUsed']) {
        const codes = await judgeAll(authenticator, captures);
        expect(codes).toEqual(captures.map(({ name }) => [name, expected]));
      }
    }
  });

  test('with a security token are refused as such', async () => {
    const authenticator = await openAuthenticator();
    const temporary = CAPTURES.filter(isTemporary);
    const codes = await Promise.all(temporary.map((capture) => judge(authenticator, capture)));
    expect(codes).toEqual(Array.from({ length: 5 }, () => 'InvalidSecurityToken.Malformed'));
  });

  test('fail once anything signed is altered, and stay good themselves', async () => {
    let count = 0;
    for (const captures of rounds()) {
      const authenticator = await openAuthenticator();
      const passed: string[] = [];
      for (const alteration of captures.flatMap((capture) => [...alterations(capture)])) {
        count += 1;
        if ((await judge(authenticator, alteration)) === 'ok')
          passed.push(JSON.stringify(alteration));
      }
      expect(passed).toEqual([]);
      const codes = await judgeAll(authenticator, captures);
      expect(codes).toEqual(captures.map(({ name }) => [name, 'ok']));
    }
    expect(count).toBeGreaterThan(3000);
  });

  test('reach the comparison of signatures where only the signature is altered', async () => {
    const authenticator = await openAuthenticator();
    const codes = await judgeAll(authenticator, PERMANENT.map(withAlteredSignature));
    expect(codes).toEqual(PERMANENT.map(({ name }) => [name, 'SignatureDoesNotMatch']));
  });
});
