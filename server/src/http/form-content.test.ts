import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { decodeBase64 } from '@likeness/shared/encoding';

import { decodeBase64Fast } from './escaped-base64.ts';
import { FormContent, PICTURE_PARAMETERS, readPictures } from './form-content.ts';
import { parseParameters } from './parse-parameters.ts';

const bytes = fc.uint8Array({ maxLength: 40 });
const base64 = bytes.map((each) => Buffer.from(each).toString('base64'));
/** As SDKs and browsers send it, and as nobody should. */
const sent = fc.oneof(
  base64.map(encodeURIComponent),
  base64.map((text) => encodeURIComponent(text).toLowerCase()),
  base64,
  bytes.map((each) => Buffer.from(each).toString('base64url')),
  base64.map((text) => encodeURIComponent(text.replaceAll(/(.{8})/gu, '$1\r\n'))),
  base64.map((text) => `${text}%`),
  base64.map((text) => `${text}=%3D=`),
  fc.constantFrom('', '%', '%2', '=', '%3D', 'https%3A%2F%2Fx%2Fy', '图', 'A%FF', '%EF%BB%BFAAAA'),
  fc.string({ maxLength: 12 }),
);
const name = fc.constantFrom(
  ...PICTURE_PARAMETERS,
  'Pic%43ontent',
  'xPicContent',
  'Num',
  '',
  '\uFEFFNum',
);
const piece = fc.oneof(
  fc.tuple(name, sent).map((pair) => pair.join('=')),
  fc.string({ maxLength: 8 }),
);
const form = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('&'));

describe('a form read from its bytes', () => {
  test('tells what the same form tells as texts', () => {
    fc.assert(
      fc.property(form, (text) => {
        const content = new FormContent(Buffer.from(text));
        const all = parseParameters(new TextDecoder().decode(Buffer.from(text)));
        expect(content.pairs).toEqual(all.filter(([each]) => !PICTURE_PARAMETERS.has(each)));
        expect(byName(content.pictures())).toEqual(byName(readPictures(all)));
      }),
      { numRuns: 1000 },
    );
  });

  test('counts its parameters before it reads them', () => {
    const flood = Buffer.from(`PicContent=AAAA${'&'.repeat(1000)}`);
    const refusal = expect.objectContaining({ code: 'InvalidParameter.Format' });
    expect(() => new FormContent(flood)).toThrow(refusal);
  });
});

test('Base64 of a text is decoded as by the decoder that takes everything', () => {
  fc.assert(
    fc.property(fc.oneof(sent, sent.map(decodeURIComponentOrNot)), (text) => {
      expect(decodeBase64Fast(text)).toEqual(decodeBase64(text));
    }),
    { numRuns: 1000 },
  );
});

function decodeURIComponentOrNot(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function byName<Value>(pictures: ReadonlyMap<string, Value>): readonly [string, Value][] {
  return [...pictures].toSorted(([one], [other]) => (one < other ? -1 : 1));
}
