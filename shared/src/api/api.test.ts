import { describe, expect, test } from '@jest/globals';

import { ApiError, ERROR_CODES, invalidParameter, missingParameter } from '../errors/index.ts';
import {
  ACTIONS,
  ATTRIBUTES,
  CATEGORIES,
  formatRegion,
  fromWireBody,
  formatScope,
  fromWireName,
  OTHER_CATEGORY,
  parseScope,
  parseRegion,
  serviceTypeOf,
  toWireName,
} from './index.ts';

describe('wire names', () => {
  test('are the SDK names with a capital', () => {
    expect(toWireName('picContent')).toBe('PicContent');
    expect(fromWireName('UtcCreate')).toBe('utcCreate');
    expect(ATTRIBUTES.map(({ wire }) => fromWireName(wire)).join(' ')).toBe(
      'intAttr intAttr2 intAttr3 intAttr4 strAttr strAttr2 strAttr3 strAttr4',
    );
  });

  test('are changed at any depth of a body, values left alone', () => {
    const body: unknown = JSON.parse(
      '{"Auctions":[{"Score":1,"X":null}],"Head":{"DocsFound":2},"__proto__":{"A":1}}',
    );
    expect(JSON.stringify(fromWireBody(body))).toBe(
      '{"auctions":[{"score":1,"x":null}],"head":{"docsFound":2},"__proto__":{"a":1}}',
    );
  });
});

describe('regions', () => {
  test('name both x first', () => {
    expect(parseRegion(' 280, 486,232,351')).toEqual({ x1: 280, x2: 486, y1: 232, y2: 351 });
    expect(formatRegion({ x1: 280, x2: 486, y1: 232, y2: 351 })).toBe('280,486,232,351');
  });

  test.each([
    '',
    '1,2,3',
    '1,2,3,4,5',
    '1,2,3,x',
    '-1,2,3,4',
    '1.5,2,3,4',
    '2,1,3,4',
    '1,1,3,4',
    '1,2,4,4',
    '1e3,2000,0,1',
  ])('%j is none', (text) => {
    expect(parseRegion(text)).toBeUndefined();
  });
});

describe('scopes', () => {
  test.each([
    ['instance:shoes', { facade: 'instance', name: 'shoes', isPrefix: false }],
    ['instance:shop-*', { facade: 'instance', name: 'shop-', isPrefix: true }],
    ['library:*', { facade: 'library', name: '', isPrefix: true }],
  ])('%s is read and written', (text, scope) => {
    expect(parseScope(text)).toEqual(scope);
    expect(formatScope(parseScope(text)!)).toBe(text);
  });

  test.each([
    '',
    '*',
    'shoes',
    'instance:',
    'instance:a*b',
    'instance:**',
    'Instance:a',
    'other:a',
  ])('%j is none', (text) => {
    expect(parseScope(text)).toBeUndefined();
  });
});

test('service types are found by number, numeric text, name in any case, and alias', () => {
  expect(
    [0, '2', 'Fabric', 7, '7', 'trademark', 8, 'MULTIMODAL'].map((each) => serviceTypeOf(each)?.id),
  ).toEqual([0, 2, 2, 3, 3, 3, 8, 8]);
  expect(['9', -1, '', 'x', '0x1', '1.0'].map((each) => serviceTypeOf(each))).toEqual(
    Array.from({ length: 6 }),
  );
});

test('fourteen categories end with the one for everything else', () => {
  expect(CATEGORIES).toHaveLength(14);
  expect(CATEGORIES.at(-1)).toEqual({ id: OTHER_CATEGORY, name: 'Others' });
});

test('actions say what may be sent again, and what only an administrator may', () => {
  const names = Object.keys(ACTIONS) as (keyof typeof ACTIONS)[];
  expect(names.filter((name) => ACTIONS[name].isAdministration)).toEqual([
    'CreateInstance',
    'ListInstances',
    'UpdateInstance',
    'ClearInstance',
    'DeleteInstance',
    'ListImages',
    'CreateAccessKey',
    'ListAccessKeys',
    'UpdateAccessKey',
    'DeleteAccessKey',
    'GetUsage',
    'GetPicture',
    'GetThumbnail',
    'GetServerInfo',
    'VerifyStorage',
  ]);
  expect(names.filter((name) => !ACTIONS[name].isRead)).toEqual([
    'AddImage',
    'UpdateImage',
    'DeleteImage',
    'DumpMeta',
    'IncreaseInstance',
    'CreateInstance',
    'UpdateInstance',
    'ClearInstance',
    'DeleteInstance',
    'CreateAccessKey',
    'UpdateAccessKey',
    'DeleteAccessKey',
  ]);
  expect(ACTIONS.AddImage.parameters).toHaveLength(16);
});

describe('ApiError', () => {
  test('takes status and message from the table', () => {
    const error = new ApiError('PicNotExist', { requestId: 'R', cause: 'c' });
    expect(error).toMatchObject({ ...ERROR_CODES.PicNotExist, code: 'PicNotExist', cause: 'c' });
  });

  test('carries codes that only a newer server knows', () => {
    const error = new ApiError('FromTheFuture', { status: 418, message: 'm', retryAfterMs: 5 });
    expect(error).toMatchObject({
      code: 'FromTheFuture',
      status: 418,
      message: 'm',
      retryAfterMs: 5,
    });
    expect(new ApiError('toString').status).toBe(500);
  });

  test('is told by its brand, not its class', () => {
    const copy = { [Symbol.for('likeness.ApiError')]: true };
    expect([copy, new ApiError('BadRequest')].every((each) => ApiError.is(each))).toBe(true);
    expect([new Error('x'), null, 'x', {}].some((each) => ApiError.is(each))).toBe(false);
  });

  test('names the parameter that is missing or wrong', () => {
    expect(missingParameter('Text')).toMatchObject({ code: 'MissingText', status: 400 });
    expect(invalidParameter('Qps', 'a whole number')).toMatchObject({
      code: 'InvalidQps',
      message: 'Specified parameter Qps is not valid: expected a whole number.',
    });
  });
});
