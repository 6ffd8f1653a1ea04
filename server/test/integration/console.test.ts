/// <reference lib="dom" />
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';

import { describeInBrowser, launchBrowser } from '../support/browser.ts';
import {
  actOn,
  choose,
  chooseFiles,
  goTo,
  openConsole,
  rootKeyOf,
  signIn,
  type ConsoleKey,
  type ConsolePage,
} from '../support/console-page.ts';
import { askedWith, nextForm, nextOperation } from '../support/console-requests.ts';
import { launchServer, type LaunchedServer } from '../support/launched-server.ts';

const run = promisify(execFile);

const CATALOGUE = fileURLToPath(new URL('../../../examples/catalogue/', import.meta.url));
const QUERY = `${CATALOGUE}queries/studio-flamingo-running-shoes.jpg`;

async function choosePicture(page: Page, file: string): Promise<void> {
  await chooseFiles(page, /Choose a picture|Another picture/, file);
}

/** Adds pictures to the library that is shown, all with this number as a tag named "lot". */
async function addLot(page: Page, files: string[], lot: number): Promise<void> {
  await page.getByRole('button', { name: 'Add pictures' }).click();
  const dialog = page.getByRole('dialog');
  await chooseFiles(page, 'Choose pictures', files);
  await dialog.getByRole('button', { name: 'Add a tag' }).click();
  await dialog.getByLabel('Name').fill('lot');
  await choose(page, /Type/, 'Number');
  await dialog.getByLabel('Value').fill(String(lot));
  await dialog.getByRole('button', { name: `Add ${files.length} pictures` }).click();
  await page.getByText('Added. They are found from now on.').waitFor();
  await dialog.getByRole('button', { name: 'Close' }).click();
}

/** Lets a key live until a local time. */
async function expire(page: Page, key: string, time: string): Promise<void> {
  await actOn(page, key, 'Change');
  await page.getByLabel('Expires').fill(time);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** What the page offers as a curl, run by a shell. */
async function runShownCurl(page: Page, server: LaunchedServer): Promise<unknown> {
  const trigger = page.getByRole('button', { name: 'Request and answer' });
  if ((await trigger.getAttribute('aria-expanded')) === 'false') await trigger.click();
  await page.getByRole('tab', { name: 'curl' }).click();
  const script = await page.locator('.code-panel pre').last().textContent();
  const environment = { ...process.env, ...server.clientEnvironment };
  const { stdout } = await run('sh', ['-c', script ?? ''], {
    env: environment,
    cwd: `${CATALOGUE}queries`,
  });
  return JSON.parse(stdout);
}

function hits(page: Page): ReturnType<Page['locator']> {
  return page.locator('.hit');
}

async function productsOf(page: Page): Promise<readonly string[]> {
  return page.locator('.hit-product').allTextContents();
}

describeInBrowser('the console', () => {
  let browser: Browser;
  let server: LaunchedServer;
  let console: ConsolePage;
  let page: Page;
  /** Somebody else's, with a key that may search alone. */
  let guest: ConsolePage;
  let guestKey: ConsoleKey;
  let isStopped = false;

  beforeAll(async () => {
    [browser, server] = await Promise.all([launchBrowser(), launchServer()]);
    console = await openConsole(browser, server);
    page = console.page;
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    if (!isStopped) await server?.stop();
  });

  it('lets nobody in without a key that the server knows', async () => {
    await signIn(page, { id: 'nobody', secret: 'wrong' });
    await page.getByRole('alert').getByText('InvalidAccessKeyId.NotFound').waitFor();
    await signIn(page, { ...rootKeyOf(server), secret: 'wrong' });
    await page.getByRole('alert').getByText('SignatureDoesNotMatch').waitFor();
  });

  it('has a first visitor searching with the sample catalogue', async () => {
    await signIn(page, rootKeyOf(server));
    await page.getByRole('link', { name: 'Go to Collections' }).click();
    await page.getByRole('button', { name: 'Load the sample catalogue' }).click();
    await page.getByText('Find the same product').waitFor({ timeout: 120_000 });
    await choosePicture(page, QUERY);
    await hits(page).first().waitFor();
    expect(await productsOf(page)).toContain('flamingo-running-shoes');
    await expectPictures(page);
  }, 180_000);

  it('searches again with a box that is dragged', async () => {
    const before = await productsOf(page);
    await choose(page, /Subject/, 'Box of my own');
    const stage = page.locator('.ReactCrop');
    await page.waitForFunction(() => {
      const image = document.querySelector<HTMLImageElement>('.ReactCrop img');
      return image !== null && image.complete && image.naturalWidth > 0;
    });
    const box = await stage.boundingBox();
    if (box === null) throw new Error('no picture to drag over');
    const asked = nextForm(page, 'SearchImageByPic', 'Region');
    await page.mouse.move(box.x + 5, box.y + 5);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.35, box.y + box.height * 0.3, { steps: 5 });
    await page.mouse.up();
    const region = (await asked).get('Region')?.split(',').map(Number) ?? [];
    expect(region).toHaveLength(4);
    await page.waitForFunction(
      (old) => document.querySelector('.hit-product')?.textContent !== old,
      before[0],
    );
    expect(await productsOf(page)).not.toEqual(before);
  });

  it('narrows what was found by category, filter and score', async () => {
    await choose(page, /Subject/, 'Found by itself');
    const inCategory = askedWith(page, 'SearchImageByPic', 'CategoryId', '4');
    await choose(page, /Category/, 'Shoes · 4');
    await inCategory;

    await page.getByLabel('Filter', { exact: true }).fill('int_attr >= ');
    await page.locator('.filter-mark mark').waitFor();
    const filtered = askedWith(page, 'SearchImageByPic', 'Filter', 'str_attr = "pink"');
    await page.getByLabel('Filter', { exact: true }).fill('str_attr = "pink"');
    await page.getByLabel('Filter', { exact: true }).press('Enter');
    await filtered;
    await page.getByRole('status').getByText('found').waitFor();

    await page.getByRole('button', { name: 'No filter' }).click();
    const thresholded = askedWith(page, 'SearchImageByPic', 'ScoreThreshold', '1.00');
    await page.getByRole('slider').press('End');
    await thresholded;
    await page.getByText('Nothing matches').waitFor();
    await page.getByRole('slider').press('Home');
    await hits(page).first().waitFor();
  });

  it('groups by product, pages, and goes back', async () => {
    const grouped = askedWith(page, 'SearchImageByPic', 'DistinctProductId', 'true');
    await page.getByText('One picture a product').click();
    await grouped;
    await page.waitForFunction(() => {
      const names = [...document.querySelectorAll('.hit-product')].map((one) => one.textContent);
      return names.length > 0 && new Set(names).size === names.length;
    });
    await page.getByText('One picture a product').click();
    const fewer = askedWith(page, 'SearchImageByPic', 'Num', '5');
    await page.getByLabel('Pictures a page').fill('5');
    await page.getByLabel('Pictures a page').press('Enter');
    await fewer;
    await page.waitForFunction(() => document.querySelectorAll('.hit').length === 5);
    const address = page.url();
    const next = askedWith(page, 'SearchImageByPic', 'Start', '5');
    await page.getByRole('button', { name: 'Next page' }).click();
    await next;
    await page.goBack();
    expect(page.url()).toBe(address);
  });

  it('searches with a result, by its name', async () => {
    const asked = nextForm(page, 'SearchImageByName', 'ProductId');
    await page.getByRole('button', { name: 'Search with this one' }).first().click();
    const form = await asked;
    await page.waitForFunction(
      (product) => document.querySelector('.hit-product')?.textContent === product,
      form.get('ProductId'),
    );
    await page.locator('.score').first().getByText('1.00').waitFor();
  });

  it('searches with a photo that a phone takes', async () => {
    const phone = await openConsole(browser, server, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    });
    await signIn(phone.page, rootKeyOf(server));
    const [camera] = await Promise.all([
      phone.page.waitForEvent('filechooser'),
      phone.page.getByRole('button', { name: 'Take a photo' }).click(),
    ]);
    // Whatever opens a camera for the page answers with a file, as a chooser does.
    expect(await camera.element().getAttribute('capture')).toBe('environment');
    const searched = askedWith(phone.page, 'SearchImageByPic', 'Crop', 'true');
    await camera.setFiles(QUERY);
    await searched;
    await hits(phone.page).first().waitFor();
    expect(phone.wrongs).toEqual([]);
    await phone.page.context().close();
  });

  it('gives the call as a curl that runs', async () => {
    const answer = (await runShownCurl(page, server)) as { readonly Auctions: readonly object[] };
    expect(answer.Auctions.length).toBe(await hits(page).count());
  });

  it('adds pictures, edits one and deletes by a filter that was counted first', async () => {
    await goTo(page, 'Images');
    await page.getByRole('button', { name: 'Add pictures' }).click();
    await chooseFiles(page, 'Choose pictures', await somePictures(10));
    await page.getByLabel('ProductId').fill('ten');
    await page.getByLabel('strAttr4').fill('added-here');
    await page.getByRole('button', { name: 'Add 10 pictures' }).click();
    await page.getByText('Added. They are found from now on.').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();

    await page.getByLabel('Filter', { exact: true }).fill('str_attr4 = "added-here"');
    await page.getByLabel('Filter', { exact: true }).press('Enter');
    await page.getByRole('status').getByText('10 pictures').waitFor();
    await page.getByRole('row').first().click();
    await page.getByText('Edit').click();
    const updated = askedWith(page, 'UpdateImage', 'StrAttr4', 'edited');
    await page.getByLabel('strAttr4').fill('edited');
    await page.getByRole('button', { name: 'Save' }).click();
    await updated;
    await page.getByText('Saved').waitFor();
    await page.keyboard.press('Escape');

    await page.getByRole('status').getByText('9 pictures').waitFor();
    await page.getByRole('button', { name: 'Delete by filter' }).click();
    await page.getByText('9 pictures pass this filter.').waitFor();
    await page.getByRole('button', { name: 'Delete 9 pictures for good' }).click();
    await page.getByText('No picture passes the filter').waitFor();
  });

  it('marks a filter in the address that cannot be read, and does not send it', async () => {
    await page.goto(`${server.endpoint}/console/#/images?filter=int_attr%20%3E%3D`);
    await page.getByText('This filter cannot be read').waitFor();
    await page.locator('.filter-mark mark').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
  });

  it('fills a library with tagged pictures', async () => {
    await goTo(page, 'Collections');
    await page.getByRole('button', { name: 'New library' }).click();
    await page.getByLabel('Name').fill('tagged');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: 'tagged' }).getByRole('link', { name: '0' }).click();
    const [first = '', ...others] = await somePictures(4);
    await addLot(page, others, 7);
    await addLot(page, [first, QUERY], 8);
    await page.getByRole('status').getByText('5 pictures').waitFor();

    await page.getByRole('row').first().click();
    await page.getByText('Edit').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Add a tag' }).click();
    await dialog.getByLabel('Name').last().fill('sizes');
    await dialog.getByRole('button', { name: /Type/ }).last().click();
    await page.getByRole('option', { name: 'List of texts' }).click();
    await dialog.getByLabel('Value').last().fill('S, M');
    const updated = nextOperation(page, 'image/update');
    await dialog.getByRole('button', { name: 'Save' }).click();
    expect(await updated).toMatchObject({ tags: { sizes: ['S', 'M'] } });
    await page.getByText('Saved').waitFor();
    await page.keyboard.press('Escape');
  });

  it('searches the library by picture, by picture and text, and by tags', async () => {
    await goTo(page, 'Collections');
    await page.getByRole('link', { name: 'tagged' }).click();
    await choosePicture(page, QUERY);
    await hits(page).nth(4).waitFor();
    await page.getByText('lot 8').first().waitFor();
    await page.getByText('sizes S, M').waitFor();

    await page.getByLabel('Filter', { exact: true }).fill('[{"field": "lot", "op": "~"}]');
    await page.getByText('tag_filter[0].op').waitFor();
    await page.getByLabel('Filter', { exact: true }).fill('');
    await page.getByRole('button', { name: 'Build a filter' }).click();
    await page.getByRole('textbox', { name: 'Tag' }).fill('lot');
    await choose(page, /Type/, 'Number');
    await choose(page, /Test/, '>');
    await page.getByRole('textbox', { name: 'Value' }).fill('7');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.getByRole('status').getByText('2 found').waitFor();

    await page.getByRole('tab', { name: 'Both' }).click();
    const asked = nextOperation(page, 'search/by-image-and-text');
    await page.getByLabel('What is in the picture').fill('red running shoes');
    await page.getByRole('button', { name: 'Search', exact: true }).click();
    const tag_filter = [{ field: 'lot', op: '>', value: 7 }];
    expect(await asked).toMatchObject({ query_text: 'red running shoes', tag_filter });
    await hits(page).nth(1).waitFor();
    expect(await runShownCurl(page, server)).toMatchObject({ data: { total: 2 } });
  });

  it('makes a key that may search alone', async () => {
    await goTo(page, 'Keys');
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByLabel('Name').fill('window');
    await page.getByLabel('May touch').fill('instance:sample');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The key is made').waitFor();
    const [id = '', secret = ''] = await page.locator('dd code').allTextContents();
    await page.getByRole('button', { name: 'Done' }).click();

    guestKey = { id, secret };
    guest = await openConsole(browser, server);
    await signIn(guest.page, guestKey);
    await guest.page.getByText('Find the same product').waitFor();
    await goTo(guest.page, 'Keys');
    await guest.page.getByText('Only the root key may look after keys.').waitFor();
  });

  it('refuses a key that has expired, and lets it in again with more time', async () => {
    await expire(page, 'window', '2020-01-01T00:00');
    await page.getByRole('cell', { name: 'expired' }).waitFor();
    await goTo(guest.page, 'Images');
    await guest.page.getByText('InvalidAccessKeyId.Inactive').waitFor();
    await guest.page.getByRole('button', { name: 'sign out' }).click();
    await guest.page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await signIn(guest.page, guestKey);
    await guest.page.getByRole('alert').getByText('InvalidAccessKeyId.Inactive').waitFor();

    await expire(page, 'window', '2100-01-01T00:00');
    await page.getByRole('cell', { name: 'active' }).waitFor();
    await signIn(guest.page, guestKey);
    await guest.page.getByRole('heading', { level: 1, name: 'Images' }).waitFor();
  });

  it('takes a key away', async () => {
    await actOn(page, 'window', 'Disable');
    await page.getByRole('cell', { name: 'disabled' }).waitFor();
    await goTo(guest.page, 'Usage');
    await guest.page.getByText('InvalidAccessKeyId.Inactive').waitFor();
    expect(guest.wrongs).toEqual([]);
    await guest.page.context().close();

    await actOn(page, 'window', 'Delete');
    await page.getByLabel(/Type/).fill(guestKey.id);
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('There is no key beside the root key').waitFor();
  });

  it('says so when the server has stopped', async () => {
    await goTo(page, 'Collections');
    await page.getByRole('link', { name: 'sample' }).waitFor();
    await server.stop();
    isStopped = true;
    await goTo(page, 'Images');
    await page.getByText('The server does not answer').waitFor({ timeout: 60_000 });
  }, 90_000);

  it('kept to its policy all the while', () => {
    expect(console.wrongs).toEqual([]);
  });
});

/** The first pictures of the sample catalogue. */
async function somePictures(count: number): Promise<string[]> {
  const { pictures } = JSON.parse(await readFile(`${CATALOGUE}manifest.json`, 'utf8')) as {
    readonly pictures: readonly { readonly file: string }[];
  };
  return pictures.slice(0, count).map(({ file }) => CATALOGUE + file);
}

/** Thumbnails were drawn, not only named. */
async function expectPictures(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const shown = [...document.querySelectorAll<HTMLImageElement>('img.thumbnail')];
    return shown.some((image) => image.complete && image.naturalWidth > 0);
  });
}
