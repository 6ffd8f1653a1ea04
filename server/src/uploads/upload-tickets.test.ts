import { beforeEach, describe, expect, test } from '@jest/globals';

import type { Credential } from '../auth/credentials.ts';
import { ROOT_RIGHTS } from '../auth/rights.ts';
import { ownerOf } from './upload-address.ts';
import { UploadTickets, type UploadTicket } from './upload-tickets.ts';

const ID = 'a1'.repeat(16);
const MINUTE_MS = 60_000;
const createId = (): string => ID;

let nowMs: number;
let tickets: UploadTickets;
let isActive: boolean;

beforeEach(() => {
  nowMs = Date.parse('2026-11-21T17:00:00Z');
  isActive = true;
  tickets = open();
});

async function find(accessKeyId: string): Promise<Credential | undefined> {
  const key = { accessKeyId, accessKeySecret: 's', rights: ROOT_RIGHTS, rate: 0, isActive };
  return accessKeyId === 'gone' ? undefined : key;
}

function open(options: { secret?: string; publicAuthority?: string } = {}): UploadTickets {
  return new UploadTickets({
    secret: 'root secret',
    credentials: { find },
    createId,
    now: () => nowMs,
    ...options,
  });
}

function fieldsOf(ticket: UploadTicket, changes: Readonly<Record<string, string>> = {}) {
  return new Map(
    Object.entries({
      OSSAccessKeyId: 'key 1',
      policy: ticket.encodedPolicy,
      Signature: ticket.signature,
      key: ticket.objectKey,
      ...changes,
    }),
  );
}

test('a ticket allows its key one picture of 4 MiB under one name', async () => {
  const ticket = tickets.issue('key 1', 'a.example.com:8443');
  expect(ticket).toMatchObject({ bucket: 'a', endpoint: 'example.com:8443' });
  expect(await tickets.verify(fieldsOf(ticket))).toEqual({
    name: { owner: ownerOf('key 1'), id: ID },
    accessKeyId: 'key 1',
    maxBytes: 4 * 1024 * 1024,
  });
});

test('a ticket names the public address where there is one', () => {
  const behind = open({ publicAuthority: 'images.example.com' });
  expect(behind.issue('key 1', '10.0.0.1:8000')).toMatchObject({
    bucket: 'images',
    endpoint: 'example.com',
  });
});

describe('verify refuses', () => {
  const forged = Buffer.from(
    JSON.stringify({
      expiration: '2099-01-01T00:00:00Z',
      conditions: [
        ['eq', '$key', 'x'],
        ['content-length-range', 1, 1e12],
      ],
    }),
  ).toString('base64');

  test.each<[string, string, number, Record<string, string>]>([
    ['a policy that is not ours', 'SignatureDoesNotMatch', 403, { policy: forged }],
    ['a policy that is no policy', 'SignatureDoesNotMatch', 403, { policy: '!' }],
    ['a signature that is none', 'SignatureDoesNotMatch', 403, { Signature: '' }],
    ['another key', 'SignatureDoesNotMatch', 403, { OSSAccessKeyId: 'key 2' }],
    ['a key that is gone', 'InvalidAccessKeyId.NotFound', 404, { OSSAccessKeyId: 'gone' }],
    [
      'another object',
      'AccessDenied',
      403,
      { key: `likeness-uploads/${ownerOf('key 1')}/${'b2'.repeat(16)}` },
    ],
    ['an object elsewhere', 'AccessDenied', 403, { key: '../records/CURRENT' }],
  ])('%s', async (_what, code, status, changes) => {
    const ticket = tickets.issue('key 1', 'a.b');
    await expect(tickets.verify(fieldsOf(ticket, changes))).rejects.toMatchObject({ code, status });
  });

  test('a ticket that has expired', async () => {
    const ticket = tickets.issue('key 1', 'a.b');
    nowMs += 5 * MINUTE_MS - 1;
    await tickets.verify(fieldsOf(ticket));
    nowMs += 1;
    await expect(tickets.verify(fieldsOf(ticket))).rejects.toMatchObject({
      code: 'AccessDenied',
      message: 'Invalid according to Policy: Policy expired.',
    });
  });

  test('a ticket of a key that was disabled since', async () => {
    const ticket = tickets.issue('key 1', 'a.b');
    isActive = false;
    await expect(tickets.verify(fieldsOf(ticket))).rejects.toMatchObject({
      code: 'InvalidAccessKeyId.Inactive',
    });
  });

  test('a ticket of another server, or from before the root key was replaced', async () => {
    const ticket = open({ secret: 'another' }).issue('key 1', 'a.b');
    await expect(tickets.verify(fieldsOf(ticket))).rejects.toMatchObject({
      code: 'SignatureDoesNotMatch',
    });
  });

  test.each(['OSSAccessKeyId', 'policy', 'Signature', 'key'])(
    'a form without %s before its file, and names it',
    async (name) => {
      const fields = fieldsOf(tickets.issue('key 1', 'a.b'));
      fields.delete(name);
      await expect(tickets.verify(fields)).rejects.toMatchObject({
        code: 'InvalidArgument',
        message: expect.stringContaining(`'${name}'`),
      });
    },
  );
});
