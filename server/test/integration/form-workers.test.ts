import { afterEach, describe, expect, test } from '@jest/globals';
import { formatForm } from '@likeness/shared/encoding';
import * as fc from 'fast-check';

import { BodyBudget } from '../../src/http/body-budget.ts';
import { FormContent } from '../../src/http/form-content.ts';
import { FormWorkers } from '../../src/http/form-workers.ts';

const SIGNING = {
  method: 'POST',
  query: [['InstanceName', 'demo']],
  secret: 'secret',
  signatureMethod: 'HMAC-SHA1',
} as const;

const lease = new BodyBudget(Infinity).open();
let workers = new FormWorkers({ threads: 1 });
afterEach(async () => {
  await workers.close();
});

function start(maxForms = 8): FormWorkers {
  workers = new FormWorkers({ threads: 1, maxForms });
  return workers;
}

const NAMES = ['PicContent', 'PrimaryPicContent', 'InstanceName', 'Filter', 'ProductId'];
const VALUES = fc.oneof(
  fc.base64String({ maxLength: 200 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', 'http://127.0.0.1/object', 'no base64!'),
);

describe('a form thread', () => {
  test('reads, signs and decodes exactly as the main thread would', async () => {
    const threads = start();
    const forms = fc.array(fc.tuple(fc.constantFrom(...NAMES), VALUES), { maxLength: 8 });
    const runs = { seed: 4, numRuns: process.env['LIKENESS_PROVE'] ? 2000 : 200 };
    await fc.assert(
      fc.asyncProperty(forms, async (pairs) => {
        const body = Buffer.from(formatForm(pairs));
        const here = new FormContent(Uint8Array.from(body));
        const there = await threads.open(body, lease);
        expect(there.pairs).toEqual(here.pairs);
        expect(await there.rpcV1Signatures(SIGNING)).toEqual(here.expectRpcV1(SIGNING));
        const pictures = await there.pictures();
        expect(formatPictures(pictures)).toEqual(formatPictures(here.pictures()));
        there.release();
      }),
      runs,
    );
  });

  test('reads JSON with its picture, and tells what is none', async () => {
    const threads = start();
    const picture = Buffer.from('picture').toString('base64');
    const body = Buffer.from(JSON.stringify({ image_base64: picture, tags: { size: [1, 'M'] } }));
    const { image_base64: bytes, ...others } = await threads.readJson(body);
    expect(Buffer.from(bytes as Uint8Array).toString()).toBe('picture');
    expect(others).toEqual({ tags: { size: [1, 'M'] } });
    await expect(threads.readJson(Buffer.from('[1]'))).rejects.toMatchObject({
      code: 'InvalidParameter.Format',
    });
    expect(threads.load.held).toBe(0);
  });

  test('that ends fails its own forms, and is replaced', async () => {
    const threads = start();
    const form = await threads.open(Buffer.from('PicContent=AAAA'), lease);
    await threads.close();
    await expect(form.pictures()).rejects.toThrow('a form thread ended');
    const next = await threads.open(Buffer.from('Filter=x'), lease);
    expect(next.pairs).toEqual([['Filter', 'x']]);
  });

  test('holds no more forms than it may, and takes another once one is released', async () => {
    const threads = start(2);
    const held = [
      await threads.open(Buffer.from('a=1'), lease),
      await threads.open(Buffer.from('b=2'), lease),
    ];
    await expect(threads.open(Buffer.from('c=3'), lease)).rejects.toMatchObject({
      code: 'ServiceUnavailable',
      retryAfterMs: expect.any(Number),
    });
    held[0]?.release();
    held[0]?.release();
    expect((await threads.open(Buffer.from('d=4'), lease)).pairs).toEqual([['d', '4']]);
    await expect(threads.open(Buffer.from('e=5'), lease)).rejects.toMatchObject({
      code: 'ServiceUnavailable',
    });
  });
});

/** Bytes of another thread are of another realm. */
function formatPictures(pictures: ReturnType<FormContent['pictures']>): unknown[] {
  return Array.from(pictures, ([name, picture]) =>
    picture.kind === 'bytes' ? [name, Buffer.from(picture.bytes).toString('hex')] : [name, picture],
  );
}
