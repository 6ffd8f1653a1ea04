import { ImageSearchClient } from '@likeness/sdk';
import { ApiError } from '@likeness/shared/errors';
import { setTimeout as sleep } from 'node:timers/promises';

import { drawTexture } from './textured-picture.ts';
import { textOf, type HistoryLine, type Shelf, type Write } from './write-history.ts';

export const SHOP = 'shop';
const CLIENTS = 4;
/** Between a write that failed and the next. */
const REST_MS = 100;
const PAGE = 1_000;
/** More than the clients fill. */
export const FIRST_CAPACITY = 1_000;

/** Four clients that write until they are stopped, and note what they ask for and what is acknowledged. */
export class WriteClients {
  readonly lines: HistoryLine[] = [];
  /** The capacity that was set last, and the last that was asked for. */
  readonly settings: { acknowledged: number; begun: number };
  readonly #pictures: readonly Buffer[];
  #state: number;
  #isStopped = false;

  constructor(pictures: readonly Buffer[], seed: number, capacity: number) {
    this.settings = { acknowledged: capacity, begun: capacity };
    this.#pictures = pictures;
    this.#state = seed;
  }

  /** Small ones of different looks. */
  static draw(): Promise<readonly Buffer[]> {
    return Promise.all([1, 2, 3, 4, 5].map((seed) => drawTexture(seed, 110)));
  }

  /** Resolves when each has seen the end of its last write. */
  async run(endpoint: string, round: number): Promise<void> {
    const client = connectTo(endpoint);
    const writers = Array.from({ length: CLIENTS }, (_, index) =>
      this.#write(client, round, index),
    );
    await Promise.all([...writers, this.#administer(client)]);
  }

  stop(): void {
    this.#isStopped = true;
  }

  count(kind: HistoryLine['kind']): number {
    return this.lines.filter((line) => line.kind === kind).length;
  }

  /** Changes a setting again and again. */
  async #administer(client: ImageSearchClient): Promise<void> {
    while (!this.#isStopped) {
      this.settings.begun += 1;
      try {
        await client.updateInstance({ instanceName: SHOP, capacity: this.settings.begun });
        this.settings.acknowledged = this.settings.begun;
      } catch {
        // Whether it took effect is not known.
      }
      await sleep(REST_MS);
    }
  }

  async #write(client: ImageSearchClient, round: number, index: number): Promise<void> {
    for (let number = 1; !this.#isStopped; number += 1) {
      const write = this.#choose(index, number, `${round}-${index}-${number}`);
      this.lines.push({ kind: 'begin', write });
      try {
        await this.#perform(client, write);
        this.lines.push({ kind: 'end', id: write.id });
      } catch (error) {
        const isRefused = ApiError.is(error) && error.code === 'PicNotExist';
        if (isRefused) this.lines.push({ kind: 'refused', id: write.id });
        else {
          this.lines.push({ kind: 'error', message: String(error) });
          await sleep(REST_MS);
        }
      }
    }
  }

  /** Each client has its own products, so that its writes have an order. */
  #choose(client: number, number: number, id: string): Write {
    const productId = `c${client}-${this.#random(3)}`;
    const picName = String(this.#random(4));
    const kinds = ['add', 'add', 'add', 'update', 'remove', 'remove-product'] as const;
    return { kind: kinds[this.#random(kinds.length)] ?? 'add', productId, picName, number, id };
  }

  async #perform(client: ImageSearchClient, write: Write): Promise<void> {
    const { kind, productId, picName, number, id } = write;
    const product = { instanceName: SHOP, productId };
    const marked = { ...product, picName, customContent: id, intAttr: number };
    const picContent = this.#pictures[number % this.#pictures.length] ?? Buffer.alloc(0);
    if (kind === 'add') await client.addImage({ ...marked, picContent });
    else if (kind === 'update') await client.updateImage(marked);
    else if (kind === 'remove') await client.deleteImage({ ...product, picName });
    else await client.deleteImage(product);
  }

  #random(below: number): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * below);
  }
}

/** A client that tries nothing twice. */
export function connectTo(endpoint: string): ImageSearchClient {
  return new ImageSearchClient({
    endpoint,
    accessKeyId: 'test-root',
    accessKeySecret: 'test-secret',
    retry: { maxTries: 1 },
  });
}

/** What the API shows: the list, which must agree with a search and with reads by name. */
export async function readShelf(endpoint: string, picture: Buffer): Promise<Shelf> {
  const client = connectTo(endpoint);
  const { images } = await client.listImages({ instanceName: SHOP, num: PAGE });
  const shelf: Shelf = new Map(
    images.map(({ productId, picName, customContent, intAttr }) => [
      `${productId}/${picName}`,
      { customContent, number: intAttr },
    ]),
  );
  const found = new Map<string, { customContent: string; number: number }>();
  for await (const page of client.searchPagesByPic({
    instanceName: SHOP,
    picContent: picture,
    num: 100,
  })) {
    for (const { productId, picName, customContent, intAttr } of page.auctions) {
      found.set(`${productId}/${picName}`, { customContent, number: intAttr });
    }
  }
  if (!isSame(shelf, found)) throw new Error('the list and a search show different pictures');
  return shelf;
}

function isSame(a: Shelf, b: Shelf): boolean {
  return textOf(a) === textOf(b);
}
