import { LIMITS } from '@likeness/shared/api';

interface Window {
  readonly start?: number;
  readonly num?: number;
}

/**
 * The pages of one search, from `start` on, `num` hits each, until the hits or the window of 500 end.
 *
 * The first page is always given, even an empty one: it tells what was found in the picture.
 */
export async function* readPages<Page extends { readonly auctions: readonly unknown[] }>(
  { start = 0, num = LIMITS.MAX_NUM }: Window,
  search: (window: Required<Window>) => Promise<Page>,
): AsyncGenerator<Page, void, undefined> {
  for (let next = start; next === start || next < LIMITS.MAX_WINDOW; next += num) {
    const asked = next === start ? num : Math.min(num, LIMITS.MAX_WINDOW - next);
    const page = await search({ start: next, num: asked });
    if (next > start && page.auctions.length === 0) return;
    yield page;
    if (page.auctions.length < asked) return;
  }
}

/** Everything a listing holds, page after page, as its cursors lead; the last page has none. */
export async function* readCursor<Item>(
  list: (
    cursor: string | undefined,
  ) => Promise<{ readonly items: readonly Item[]; readonly nextCursor: string }>,
): AsyncGenerator<Item, void, undefined> {
  let cursor: string | undefined;
  while (cursor !== '') {
    const page = await list(cursor);
    yield* page.items;
    cursor = page.nextCursor;
  }
}

/** The most a numbered page holds. */
const PAGE_SIZE = 100;

/** Everything a listing holds, from page 1 on until it has given as many as there are in all, or an empty page. */
export async function* readNumberedPages<Item>(
  { pageSize = PAGE_SIZE }: { readonly pageSize?: number },
  list: (window: {
    readonly page: number;
    readonly pageSize: number;
  }) => Promise<{ readonly items: readonly Item[]; readonly total: number }>,
): AsyncGenerator<Item, void, undefined> {
  let given = 0;
  for (let page = 1; ; page += 1) {
    const { items, total } = await list({ page, pageSize });
    yield* items;
    given += items.length;
    if (items.length === 0 || given >= total) return;
  }
}
