import { describe, expect, test } from '@jest/globals';

import { LIBRARY_OPERATIONS } from './operations.ts';

describe('the operator API', () => {
  test('asks for the least role that may, of every operation', () => {
    expect(LIBRARY_OPERATIONS.map(({ method, path, role }) => `${method} ${path} ${role}`)).toEqual(
      [
        'POST search/by-image read',
        'POST search/by-text read',
        'POST search/by-image-and-text read',
        'POST search/similar read',
        'POST library/create admin',
        'GET library/list read',
        'GET library/info/{library_name} read',
        'POST library/update admin',
        'POST library/delete admin',
        'POST image/add write',
        'POST image/update write',
        'POST image/delete write',
        'POST image/query read',
        'GET image/list read',
      ],
    );
  });

  test('names a library in every request but those that list and make them', () => {
    const without = LIBRARY_OPERATIONS.filter(({ request }) => !('library_name' in request.shape));
    expect(without.map(({ name }) => name)).toEqual(['library/list']);
    const making = LIBRARY_OPERATIONS.filter(({ creates }) => creates);
    expect(making.map(({ name }) => name)).toEqual(['library/create']);
  });
});
