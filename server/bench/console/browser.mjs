/** The console in a real browser, signed in. */
import { existsSync } from 'node:fs';

import { chromium } from 'playwright-core';

/** Where Debian puts it; `CHROMIUM` names another. */
const DEBIAN_CHROMIUM = '/usr/bin/chromium';

/** Patience on a machine that has other work. */
const PATIENCE_MS = 120_000;

/** @throws {Error} where no browser is installed */
export function launchBrowser() {
  const executablePath = process.env.CHROMIUM ?? DEBIAN_CHROMIUM;
  if (!existsSync(executablePath)) {
    throw new Error(`no browser at ${executablePath}: CHROMIUM names another`);
  }
  // Its own sandbox does not start as root, which is who runs programs in containers.
  return chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: PATIENCE_MS });
}

/**
 * A page of a profile of its own, with nothing in its cache, whose tab has the key.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {{ readonly accessKeyId: string, readonly accessKeySecret: string }} key
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
export async function openSignedIn(browser, key, options = {}) {
  const context = await browser.newContext({ locale: 'en-US', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await page.addInitScript(
    (kept) => sessionStorage.setItem('likeness-access-key', kept),
    JSON.stringify(key),
  );
  return page;
}

/** Gives the file to the button, which has to be the one that opens the system's dialog. */
export async function choosePicture(page, button, file) {
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: button, exact: true }).click(),
  ]);
  await chooser.setFiles(file);
}
