/// <reference lib="dom" />
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

import type { LaunchedServer } from './launched-server.ts';

export interface ConsoleKey {
  readonly id: string;
  readonly secret: string;
}

/** A page of the console in a browser profile of its own. */
export interface ConsolePage {
  readonly page: Page;
  /** What the page's policy refused, and what broke in it: none, in a sound console. */
  readonly wrongs: readonly string[];
}

/** Shown long enough for a busy machine; timings are measured elsewhere. */
const PATIENCE_MS = 30_000;

const VIOLATION = 'policy violation';

/** The root key that launched test servers have. */
export function rootKeyOf({ clientEnvironment }: LaunchedServer): ConsoleKey {
  return {
    id: clientEnvironment['LIKENESS_ACCESS_KEY_ID'] ?? '',
    secret: clientEnvironment['LIKENESS_ACCESS_KEY_SECRET'] ?? '',
  };
}

/** Opens the console, signed out. */
export async function openConsole(
  browser: Browser,
  server: LaunchedServer,
  options: BrowserContextOptions = {},
): Promise<ConsolePage> {
  const context = await browser.newContext({ locale: 'en-US', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const wrongs: string[] = [];
  page.on('pageerror', (error) => wrongs.push(error.message));
  page.on('console', (message) => {
    if (message.text().startsWith(VIOLATION)) wrongs.push(message.text());
  });
  await page.addInitScript((said) => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(said, event.violatedDirective, event.blockedURI, event.sample);
    });
  }, VIOLATION);
  await page.goto(`${server.endpoint}/console/`);
  return { page, wrongs };
}

/** Types a key into the form, as a person does. */
export async function signIn(page: Page, key: ConsoleKey): Promise<void> {
  await page.getByLabel('AccessKey ID').fill(key.id);
  await page.getByLabel('AccessKey secret').fill(key.secret);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Goes to another screen by the navigation. */
export async function goTo(page: Page, screen: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: screen, exact: true }).click();
}

/** Chooses in a list that a button opens. */
export async function choose(page: Page, button: RegExp, option: string): Promise<void> {
  await page.getByRole('button', { name: button }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
  await page.getByRole('listbox').waitFor({ state: 'detached' });
}

/** Answers the chooser of files that a button opens. */
export async function chooseFiles(
  page: Page,
  button: RegExp | string,
  files: string | string[],
): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: button }).click(),
  ]);
  await chooser.setFiles(files);
}

/** Chooses what to do with a row of a table. */
export async function actOn(page: Page, row: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions of ${row}` }).click();
  await page.getByRole('menuitem', { name: action, exact: true }).click();
}
