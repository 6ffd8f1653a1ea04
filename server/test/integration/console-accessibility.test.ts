/// <reference lib="dom" />
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ImageSearchClient } from '@likeness/sdk';
import type { Browser, Page } from 'playwright-core';

import { describeInBrowser, launchBrowser } from '../support/browser.ts';
import { chooseFiles, goTo, openConsole, rootKeyOf, signIn } from '../support/console-page.ts';
import { launchServer, type LaunchedServer } from '../support/launched-server.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const CATALOGUE = fileURLToPath(new URL('../../../examples/catalogue/pictures/', import.meta.url));
const PICTURES = ['cobalt-mug-front.jpg', 'cobalt-mug-angle.webp', 'desert-cactus-angle.jpg'];
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];

/** Would run in any page that takes texts for markup. */
const HOSTILE = '<img src=x onerror="document.title=\'broken in\'">';

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

/** Of the page as it is, and of its colours in the other theme: nothing else depends on it. */
async function violationsOf(page: Page, axe: string): Promise<readonly string[]> {
  // What the component library announces passes in seconds; the button that it speaks of may be gone before.
  await page.waitForFunction(
    () => document.querySelector('[data-live-announcer] [role="img"]') === null,
  );
  await page.evaluate(axe);
  const found = await runAxe(page, RULES);
  const isDark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  await page.emulateMedia({ colorScheme: isDark ? 'light' : 'dark' });
  const unreadable = await runAxe(page, ['color-contrast']);
  await page.emulateMedia({ colorScheme: isDark ? 'dark' : 'light' });
  return [...found, ...unreadable];
}

/** @param rules names or tags of rules */
async function runAxe(page: Page, rules: readonly string[]): Promise<readonly string[]> {
  return page.evaluate(async (runOnly) => {
    const { axe } = globalThis as unknown as {
      readonly axe: {
        run(
          root: Document,
          options: object,
        ): Promise<{
          readonly violations: readonly {
            readonly id: string;
            readonly nodes: readonly { readonly html: string }[];
          }[];
        }>;
      };
    };
    const { violations } = await axe.run(document, { runOnly });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  }, rules);
}

describeInBrowser.each([
  ['light', DESKTOP],
  ['dark', PHONE],
] as const)('the console in %s and its opposite, %o', (colorScheme, viewport) => {
  let browser: Browser;
  let server: LaunchedServer;
  let page: Page;
  let wrongs: readonly string[];
  let axe: string;

  beforeAll(async () => {
    axe = await readFile(AXE, 'utf8');
    [browser, server] = await Promise.all([launchBrowser(), launchServer()]);
    await fillHostile(server);
    ({ page, wrongs } = await openConsole(browser, server, {
      colorScheme,
      viewport,
      // Colours on their way from one theme to the other are in neither.
      reducedMotion: 'reduce',
    }));
  }, 90_000);

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  it('can be signed in to by everyone', async () => {
    expect(await violationsOf(page, axe)).toEqual([]);
    await signIn(page, rootKeyOf(server));
    await page.getByText('Find the same product').waitFor();
    expect(await violationsOf(page, axe)).toEqual([]);
  });

  it('can be searched by everyone', async () => {
    await chooseFiles(page, 'Choose a picture', CATALOGUE + PICTURES[0]);
    await page.locator('.hit').first().waitFor();
    await page.getByRole('button', { name: 'Request and answer' }).click();
    expect(await violationsOf(page, axe)).toEqual([]);
    // Folded where there is little room.
    if (viewport === PHONE) await page.getByRole('button', { name: 'Which results' }).click();
    await page.getByRole('button', { name: 'Build a filter' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await violationsOf(page, axe)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'View' }).click();
    await page.getByRole('option', { name: 'List' }).click();
    await page.getByRole('table').waitFor();
    expect(await violationsOf(page, axe)).toEqual([]);
  });

  it.each(['Images', 'Collections', 'Usage', 'Keys', 'Server'])(
    'shows %s to everyone',
    async (screen) => {
      await goTo(page, screen);
      await page.getByRole('heading', { level: 1, name: screen }).waitFor();
      await page.waitForFunction(() => document.querySelector('.waiting') === null);
      expect(await violationsOf(page, axe)).toEqual([]);
    },
  );

  it.each([
    ['Images', 'Add pictures'],
    ['Images', 'Delete by filter'],
    ['Collections', 'New instance'],
    ['Collections', 'New library'],
    ['Keys', 'New key'],
  ])('opens a dialog of %s to everyone: %s', async (screen, opener) => {
    await goTo(page, screen);
    await page.getByRole('button', { name: opener }).click();
    await page.getByRole('dialog').waitFor();
    expect(await violationsOf(page, axe)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('lets everyone choose how it looks, and leave', async () => {
    await page.getByRole('button', { name: 'sign out' }).click();
    await page.getByRole('dialog').getByText('Theme', { exact: true }).waitFor();
    expect(await violationsOf(page, axe)).toEqual([]);
    await page.keyboard.press('Escape');
  });

  it('shows a library and its tags to everyone', async () => {
    await page.goto(`${server.endpoint}/console/#/images?collection=library:tagged`);
    await page.getByRole('row').first().click();
    await page.getByText('Edit').click();
    await page.getByRole('dialog').getByLabel('Value').waitFor();
    expect(await violationsOf(page, axe)).toEqual([]);
    await page.getByRole('button', { name: 'Search with this one' }).click();
    await page.locator('.chip').filter({ hasText: HOSTILE }).waitFor();
    expect(await violationsOf(page, axe)).toEqual([]);
    expect(await page.title()).not.toBe('broken in');
  });

  it('takes nothing that is stored for a part of the page', async () => {
    await goTo(page, 'Images');
    await page.getByRole('row').first().click();
    await page.getByRole('dialog').getByText(HOSTILE).first().waitFor();
    expect(await violationsOf(page, axe)).toEqual([]);
    expect(await page.title()).not.toBe('broken in');
    expect(wrongs).toEqual([]);
  });
});

/** Every text that a page may show holds markup. */
async function fillHostile({ endpoint, ...server }: LaunchedServer): Promise<void> {
  const key = rootKeyOf({ endpoint, ...server });
  const client = new ImageSearchClient({
    endpoint,
    accessKeyId: key.id,
    accessKeySecret: key.secret,
    timeoutMs: 30_000,
  });
  await client.createInstance({ instanceName: 'shop', serviceType: 'product' });
  for (const [index, file] of PICTURES.entries()) {
    await client.addImage({
      instanceName: 'shop',
      productId: `${HOSTILE}${index}`,
      picName: HOSTILE,
      customContent: HOSTILE,
      strAttr: HOSTILE,
      picContent: await readFile(CATALOGUE + file),
    });
  }
  const library = client.library('tagged');
  await library.create({ mode: 'general_search', description: HOSTILE });
  await library.add({
    imageId: HOSTILE,
    imageUri: HOSTILE,
    image: await readFile(CATALOGUE + PICTURES[0]),
    tags: { [HOSTILE]: HOSTILE },
  });
  await client.createAccessKey({ role: 'read', scopes: 'instance:shop', name: HOSTILE });
}
