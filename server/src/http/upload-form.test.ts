import { describe, expect, test } from '@jest/globals';
import { array, assert, asyncProperty, constantFrom, integer, pre } from 'fast-check';

import CAPTURED from '../../test/fixtures/upload-forms.json' with { type: 'json' };
import { readBoundary } from './multipart-reader.ts';
import { UploadForm } from './upload-form.ts';

interface SentForm {
  readonly userAgent: string;
  readonly boundary: string;
  readonly body: Buffer;
}

interface ReadForm {
  /** Those before the file. */
  readonly fields: Readonly<Record<string, string>>;
  readonly file: Buffer;
}

const NODE = 'AlibabaCloud (linux; x64) Node.js/v20.20.2 Core/1.0.1 TeaDSL/2';
const JAVA = 'AlibabaCloud (Linux; amd64) Java/17.0.9 Core/0.3.15 TeaDSL/1';
const GO = 'AlibabaCloud (linux; amd64) Golang/1.22.2 Core/0.01 TeaDSL/1';
const B = 'boundary12345678';

/** In pieces of so many bytes. */
async function read({ userAgent, boundary, body }: SentForm, size = 1024): Promise<ReadForm> {
  let fields: Record<string, string> = {};
  const pieces: Buffer[] = [];
  const form = new UploadForm({
    userAgent,
    boundary,
    onFile: async (before) => {
      fields = Object.fromEntries(before);
      return { write: async (piece) => void pieces.push(Buffer.from(piece)) };
    },
  });
  for (let at = 0; at < body.length; at += size) await form.take(body.subarray(at, at + size));
  form.finish();
  return { fields, file: Buffer.concat(pieces) };
}

const field = (name: string, value: string): string =>
  `--${B}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const FILE_HEAD = `--${B}\r\nContent-Disposition: form-data; name="file"; filename="a/b"\r\nContent-Type: \r\n\r\n`;
const FIELDS = { OSSAccessKeyId: 'id', Signature: 's+/=', key: 'a/b', policy: 'e30=' };
const HEAD = Object.entries(FIELDS).map(([name, value]) => field(name, value));

function formOf(userAgent: string, ...pieces: readonly (string | Buffer)[]): SentForm {
  const body = Buffer.concat(pieces.map((piece) => Buffer.from(piece as string)));
  return { userAgent, boundary: B, body };
}

/** Each client's form around a file (docs/wire-protocol.md, Uploads). */
const CLIENTS: Readonly<Record<string, (file: Buffer) => SentForm>> = {
  'the Node SDK from 4.2.3 on, without a line break after the file': (file) =>
    formOf(
      NODE,
      ...HEAD,
      FILE_HEAD,
      file,
      field('success_action_status', '201'),
      `\r\n--${B}--\r\n`,
    ),
  'older Node SDKs': (file) => formOf(NODE, ...HEAD, FILE_HEAD, file, `\r\n--${B}--\r\n`),
  'Java and Python': (file) =>
    formOf(JAVA, ...[...HEAD].reverse(), FILE_HEAD, file, `\r\n--${B}--\r\n`),
  'Go, with two line breaks after the file': (file) =>
    formOf(GO, ...HEAD, FILE_HEAD, file, `\r\n\r\n--${B}--`),
  'a browser, whose file is not the last part': (file) =>
    formOf('Mozilla/5.0', ...HEAD, FILE_HEAD, file, `\r\n${field('x', '')}--${B}--\r\n`),
};

describe.each(Object.entries(CLIENTS))('the form of %s', (_name, send) => {
  test('is read to the byte, however it is cut', async () => {
    // What looks like the form's own, at the file's beginning and end too.
    const hint = constantFrom(
      '\r\n',
      '\r',
      '\n',
      '--',
      `--${B}`,
      `\r\n--${B}x`,
      B,
      '\0',
      'picture',
    );
    const files = array(hint, { maxLength: 12 }).map((hints) => Buffer.from(hints.join('')));
    await assert(
      asyncProperty(files, integer({ min: 1, max: 200 }), async (file, size) => {
        // "--boundary" that line break or dashes follow is a boundary in every reading.
        pre(!new RegExp(`--${B}(?:\r\n|--)`, 'u').test(`${file.toString()}\r\n`));
        expect(await read(send(file), size)).toEqual({ fields: FIELDS, file });
      }),
    );
  });
});

test.each(CAPTURED)('$name is read as it was sent', async (captured) => {
  const { userAgent, contentType, bodyBase64 } = captured;
  const boundary = readBoundary(contentType)!;
  const body = Buffer.from(bodyBase64, 'base64');
  for (const size of [1, 7, body.length]) {
    const { fields, file } = await read({ userAgent, boundary, body }, size);
    expect(fields).toMatchObject({
      key: 'imagesearch/1/2020-12-14/abc123',
      Signature: 'ZmFrZXNpZw==',
    });
    // A PNG file from its signature to its last chunk's check sum, and nothing after.
    expect(file.toString('latin1')).toMatch(/^\x89PNG\r\n.*IEND\xAEB`\x82$/su);
  }
});

test('a large file is read in linear time, whatever is in it', async () => {
  const almost = Buffer.from(`\r\n--${B.slice(0, -1)}`.repeat(100_000));
  const { file } = await read(formOf(JAVA, FILE_HEAD, almost, `\r\n--${B}--\r\n`), 64 * 1024);
  expect(file.equals(almost)).toBe(true);
});

describe('a form is refused', () => {
  test.each<[string, string]>([
    ['that ends early', `${FILE_HEAD}abc`],
    ['that begins with no boundary', 'x'.repeat(5000)],
    ['with a part that has no name', `--${B}\r\nContent-Type: text/plain\r\n\r\nx\r\n--${B}--`],
    ['with a part whose head does not end', `--${B}\r\n${'x'.repeat(5000)}`],
    ['with too many parts', `${field('a', '').repeat(30)}--${B}--`],
    ['with a field twice', `${field('a', '1')}${field('a', '2')}--${B}--`],
    ['with fields that are too long', `${field('a', 'x'.repeat(20_000))}--${B}--`],
    ['with two files', `${FILE_HEAD}a\r\n${FILE_HEAD}b\r\n--${B}--`],
  ])('%s', async (_what, body) => {
    await expect(read(formOf(JAVA, body), 100)).rejects.toMatchObject({
      code: 'MalformedPOSTRequest',
    });
  });

  test('without a file', async () => {
    await expect(read(formOf(JAVA, field('key', 'a'), `--${B}--`))).rejects.toMatchObject({
      code: 'InvalidArgument',
    });
  });
});

test.each<[string, string | undefined]>([
  ['multipart/form-data; boundary=abc', 'abc'],
  ['Multipart/Form-Data;charset=utf-8; Boundary="a b"', 'a b'],
  ['multipart/form-data', undefined],
  ['multipart/form-data; boundary=', undefined],
  [`multipart/form-data; boundary=${'x'.repeat(71)}`, undefined],
  ['multipart/form-data; xboundary=abc', undefined],
  ['application/json; boundary=abc', undefined],
])('the boundary of %s is %s', (contentType, boundary) => {
  expect(readBoundary(contentType)).toBe(boundary);
});
