import { invalidParameter } from '@likeness/shared/errors';

import type { RemoveTarget } from '../catalog/catalog.ts';
import type { Action, RequestParameters } from './action.ts';
import { readPicName, readProductId } from './image-parameters.ts';
import { callOptions, findForWork } from './instance.ts';
import { readBoolean } from './parameters.ts';
import { written } from './responses.ts';
import { requireFilter } from './search-parameters.ts';

/** Removes a picture, a product's pictures, or all that pass a filter. Removing nothing succeeds. */
export const deleteImage: Action = async (call, services) => {
  const instance = findForWork(call, services, 'delete');
  const target = readTarget(call.parameters);
  const removed = await services.catalog.removeImages(instance, target, callOptions(call));
  return { ...written(), Data: { PicNames: removed.map(({ picName }) => picName) } };
};

/**
 * A filter counts only where `IsDeleteByFilter` says so, and is then required and alone: whoever names a product
 * beside it may mean less than the filter removes.
 */
function readTarget(parameters: RequestParameters): RemoveTarget {
  if (readBoolean(parameters, 'IsDeleteByFilter') ?? false) {
    const filter = requireFilter(parameters);
    for (const name of ['ProductId', 'PicName']) {
      if (parameters.text.has(name)) {
        throw invalidParameter('IsDeleteByFilter', `no ${name} beside it`);
      }
    }
    return { kind: 'filter', filter };
  }
  const productId = readProductId(parameters);
  if (!parameters.text.has('PicName')) return { kind: 'product', productId };
  return { kind: 'picture', productId, picName: readPicName(parameters) };
}
