import { ApiError, missingParameter } from '@likeness/shared/errors';

import type { Action, ActionCall } from './action.ts';
import { callOptions, findInstance } from './instance.ts';
import { readPicture } from './picture-parameter.ts';
import { found } from './responses.ts';

/** The score of two pictures that are both sent. */
export const compareSimilarByImage: Action = async (call, services) => {
  const instance = findInstance(call, services);
  const pictures = [
    await readOne(call, 'PrimaryPicContent'),
    await readOne(call, 'SecondaryPicContent'),
  ] as const;
  const score = await services.catalog.compare(instance, pictures, callOptions(call));
  return { ...found(), Score: score };
};

function readOne(
  call: ActionCall,
  name: 'PrimaryPicContent' | 'SecondaryPicContent',
): Promise<Uint8Array> {
  return readPicture(call, name, {
    missing: () => missingParameter(name),
    undecodable: `Invalid${name}`,
    tooLarge: () => new ApiError('InvalidPicContent', { message: 'The image size exceeds 4 MB.' }),
  });
}
