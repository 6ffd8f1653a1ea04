import { readFileSync } from 'node:fs';

const PACKAGE_FILE = new URL('../package.json', import.meta.url);

/** The version of this server. */
export const VERSION = (
  JSON.parse(readFileSync(PACKAGE_FILE, 'utf8')) as { readonly version: string }
).version;
