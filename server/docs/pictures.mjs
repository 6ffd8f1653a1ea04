/**
 * Makes the screenshots of the console for README.md and docs/console.md: `npm run docs:pictures`. Starts a server of
 * its own, loads the sample catalogue as a visitor does, and needs Chromium (`CHROMIUM`). Never run by a test.
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import sharp from 'sharp';

import { choosePicture, launchBrowser, openSignedIn } from '../bench/console/browser.mjs';
import { launchServer } from '../bench/evaluate/server.mjs';

const OUT = new URL('../../docs/pictures/', import.meta.url);
const QUERIES = fileURLToPath(new URL('../../examples/catalogue/queries/', import.meta.url));
const SHOES = `${QUERIES}studio-flamingo-running-shoes.jpg`;
const WIDE = { viewport: { width: 1440, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, locale: 'zh-CN' };
const WEBP = { quality: 82, effort: 6 };
/** Until layers have faded in, and the list knows what is in sight. */
const SETTLE_MS = 1000;
/** 235 pictures are embedded. */
const LOADING_MS = 900_000;

const server = await launchServer(fileURLToPath(new URL('..', import.meta.url)));
const browser = await launchBrowser();
try {
  await loadSampleCatalogue();
  await pictureSearches();
  await pictureCode();
  await pictureImages();
  await picturePhone();
} finally {
  await browser.close();
  await server.stop();
}

function open(options) {
  return openSignedIn(browser, server.key, options);
}

function addressOf(fragment) {
  return `${server.endpoint}/console/#/${fragment}`;
}

async function save(page, name) {
  await page.waitForTimeout(SETTLE_MS);
  await page.waitForFunction(() =>
    [...document.images].every(
      (image) => image.complete || image.getBoundingClientRect().top > innerHeight,
    ),
  );
  const picture = await sharp(await page.screenshot())
    .webp(WEBP)
    .toBuffer();
  await writeFile(new URL(`console-${name}.webp`, OUT), picture);
  process.stdout.write(`console-${name}.webp: ${Math.ceil(picture.length / 1024)} KB\n`);
}

async function loadSampleCatalogue() {
  const page = await open(WIDE);
  await page.goto(addressOf('collections'));
  await page.getByRole('button', { name: 'Load the sample catalogue' }).waitFor();
  await save(page, 'first');
  await page.getByRole('button', { name: 'Load the sample catalogue' }).click();
  await page.getByText('Find the same product').waitFor({ timeout: LOADING_MS });
  await page.close();
}

async function pictureSearches() {
  const page = await open(WIDE);
  await page.goto(addressOf('search'));
  await choosePicture(page, 'Choose a picture', SHOES);
  await page.locator('.hit').first().waitFor();
  await save(page, 'search');
  await page.close();
}

/** Few results, so that what is below them shows. */
async function pictureCode() {
  const page = await open(WIDE);
  await page.goto(addressOf('search?num=4'));
  await choosePicture(page, 'Choose a picture', SHOES);
  await page.locator('.hit').first().waitFor();
  await page.getByRole('button', { name: 'Request and answer' }).click();
  await page.getByRole('tab', { name: 'curl' }).click();
  await page.locator('.code-panel pre').scrollIntoViewIfNeeded();
  await save(page, 'curl');
  await page.close();
}

async function pictureImages() {
  const page = await open({ ...WIDE, colorScheme: 'dark' });
  await page.goto(addressOf('images'));
  await page.locator('.image-tile').first().waitFor();
  await save(page, 'images');
  await page.close();
}

async function picturePhone() {
  const page = await open({ ...PHONE, colorScheme: 'dark' });
  await page.goto(addressOf('search'));
  await choosePicture(page, '选择图片', SHOES);
  await page.locator('.hit').first().waitFor();
  await page.locator('.results-head').scrollIntoViewIfNeeded();
  await page.evaluate(() => scrollTo(0, 330));
  await save(page, 'phone');
  await page.close();
}
