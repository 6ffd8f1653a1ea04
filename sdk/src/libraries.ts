import { askOperator } from './ask-operator.ts';
import type { CallOptions } from './client-options.ts';
import type { Connection } from './connection.ts';
import type { LibraryInfo, ListLibrariesAnswer, ListLibrariesRequest } from './library-shapes.ts';
import { readNumberedPages } from './pages.ts';

/** The image libraries of a server that the key may see. */
export class Libraries {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * One page of the libraries, by name.
   *
   * @example
   * const { libraries, total } = await client.libraries.list({ namePrefix: 'shop_a_' });
   * console.log(libraries.map(({ libraryName, imageCount }) => [libraryName, imageCount]), total);
   */
  async list(
    request: ListLibrariesRequest = {},
    options?: CallOptions,
  ): Promise<ListLibrariesAnswer> {
    const call = { ...options, connection: this.#connection };
    return (await askOperator('library/list', request, call)) as ListLibrariesAnswer;
  }

  /**
   * All libraries, however many: it asks for the next page as you go.
   *
   * @example
   * for await (const { libraryName, mode } of client.libraries.listAll()) console.log(libraryName, mode);
   */
  listAll(
    request: Omit<ListLibrariesRequest, 'page'> = {},
    options?: CallOptions,
  ): AsyncGenerator<LibraryInfo, void, undefined> {
    return readNumberedPages(request, async (window) => {
      const { libraries, total } = await this.list({ ...request, ...window }, options);
      return { items: libraries, total };
    });
  }
}
