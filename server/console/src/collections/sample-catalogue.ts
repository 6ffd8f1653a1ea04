import { ApiError, ConnectionError, type ImageSearchClient } from '@likeness/sdk';

/** What the build copies beside the page. */
const CATALOGUE_PATH = '/console/catalogue/';

export const SAMPLE_INSTANCE = 'sample';

/** Enough to keep the server's vision processes busy without holding many pictures in the page. */
const ADDED_AT_ONCE = 4;

/** What a busy server refuses is tried again, after as long as it says. */
const MAX_TRIES = 5;
const PAUSE_MS = 2000;

interface Manifest {
  readonly products: readonly {
    readonly productId: string;
    readonly name: string;
    readonly colour: string;
    readonly price: number;
    readonly brand: string;
    readonly season: string;
  }[];
  readonly pictures: readonly { readonly file: string; readonly productId: string }[];
}

/**
 * Makes the instance `sample` and adds the sample catalogue's pictures; those that are there are replaced.
 *
 * @param onProgress told after each picture
 * @throws what a call of the client throws; what was added before stays
 */
export async function loadSampleCatalogue(
  client: ImageSearchClient,
  onProgress: (done: number, of: number) => void,
): Promise<void> {
  const manifest = (await (await fetch(`${CATALOGUE_PATH}manifest.json`)).json()) as Manifest;
  await createSample(client);
  const left = [...manifest.pictures];
  let done = 0;
  const work = async (): Promise<void> => {
    for (let picture = left.shift(); picture !== undefined; picture = left.shift()) {
      const one = picture;
      await patiently(() => addPicture(client, manifest, one));
      done += 1;
      onProgress(done, manifest.pictures.length);
    }
  };
  await Promise.all(Array.from({ length: ADDED_AT_ONCE }, work));
}

async function createSample(client: ImageSearchClient): Promise<void> {
  try {
    await client.createInstance({ instanceName: SAMPLE_INSTANCE, serviceType: 'product' });
  } catch (error) {
    if (!ApiError.is(error) || error.code !== 'InstanceAlreadyExists') throw error;
  }
}

/** Adding a picture twice does no harm: the second takes the place of the first. */
async function patiently(add: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await add();
      return;
    } catch (error) {
      const pauseMs = pauseAfter(error);
      if (pauseMs === undefined || tries === MAX_TRIES) throw error;
      await new Promise((resolve) => {
        setTimeout(resolve, pauseMs);
      });
    }
  }
}

/** Undefined for what fails again. */
function pauseAfter(error: unknown): number | undefined {
  if (error instanceof ConnectionError) return PAUSE_MS;
  return ApiError.is(error) && error.status >= 500 ? (error.retryAfterMs ?? PAUSE_MS) : undefined;
}

async function addPicture(
  client: ImageSearchClient,
  { products }: Manifest,
  { file, productId }: Manifest['pictures'][number],
): Promise<void> {
  const response = await fetch(CATALOGUE_PATH + file);
  const product = products.find((one) => one.productId === productId);
  await client.addImage({
    instanceName: SAMPLE_INSTANCE,
    productId,
    picName: file.replace(/^.*\//u, ''),
    picContent: await response.blob(),
    ...(product !== undefined && {
      customContent: product.name,
      intAttr: product.price,
      strAttr: product.colour,
      strAttr2: product.brand,
      strAttr3: product.season,
    }),
  });
}
