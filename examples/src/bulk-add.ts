/**
 * Adds all pictures of a folder, four at a time, and goes on after a bad one. A picture that is there already is
 * replaced, so the script may simply be run again after it was interrupted.
 *
 *     npm run build && node examples/dist/bulk-add.js shoes pictures/
 */
import { readdir } from 'node:fs/promises';
import { join, parse } from 'node:path';

import { ApiError, ImageSearchClient } from '@likeness/sdk';
import { fromFile } from '@likeness/sdk/node';

const AT_A_TIME = 4;

const [instanceName = 'shoes', folder = 'pictures'] = process.argv.slice(2);
const client = new ImageSearchClient({
  endpoint: process.env['LIKENESS_ENDPOINT'] ?? 'http://127.0.0.1:8000',
  accessKeyId: process.env['LIKENESS_ACCESS_KEY_ID'] ?? '',
  accessKeySecret: process.env['LIKENESS_ACCESS_KEY_SECRET'] ?? '',
});

const files = (await readdir(folder)).values();
let added = 0;

/** Takes the next file until there is none; four of these run side by side. */
async function addNext(): Promise<void> {
  for (const file of files) {
    const picContent = fromFile(join(folder, file));
    try {
      await client.addImage({
        instanceName,
        productId: parse(file).name,
        picName: file,
        picContent,
      });
      added += 1;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      console.error(`${file}: ${error.code}: ${error.message}`);
    }
  }
}

await Promise.all(Array.from({ length: AT_A_TIME }, addNext));
console.log(`added ${added} pictures`);
