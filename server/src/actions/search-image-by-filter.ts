import type { Action } from './action.ts';
import { readImageExtras } from './hit-extras.ts';
import { callOptions, findForWork } from './instance.ts';
import { formatHead, formatImage, found } from './responses.ts';
import { readWindow, requireFilter } from './search-parameters.ts';

/** Lists the pictures whose attributes pass a filter, by key. No pictures are compared. */
export const searchImageByFilter: Action = async (call, services) => {
  const { parameters } = call;
  const instance = findForWork(call, services, 'search');
  const filter = requireFilter(parameters);
  const window = readWindow(parameters);

  const extras = await readImageExtras({ call, services, collection: instance });
  const startedMs = services.now();
  const list = await services.catalog.list(instance, { filter, ...window }, callOptions(call));
  return {
    ...found(),
    Head: formatHead({
      docsFound: list.found,
      docsReturn: list.images.length,
      searchMs: services.now() - startedMs,
      mode: 'exact',
      rowsScanned: 0,
    }),
    Auctions: list.images.map((image) => ({ ...formatImage(image), ...extras(image) })),
  };
};
