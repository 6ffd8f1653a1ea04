import { existsSync } from 'node:fs';

import { describe } from '@jest/globals';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

/** Where Debian puts it; `CHROMIUM` names another. */
const DEBIAN_CHROMIUM = '/usr/bin/chromium';

const LAUNCH_LIMIT_MS = 120_000;

const { CHROMIUM = existsSync(DEBIAN_CHROMIUM) ? DEBIAN_CHROMIUM : '' } = process.env;

/** Tests that need a browser: skipped where none is installed, unless `CHROMIUM` says that there is one. */
export const describeInBrowser = CHROMIUM === '' ? describe.skip : describe;

/** @param hosts names that the browser takes for 127.0.0.1, whatever the name service says */
export function launchBrowser(hosts: readonly string[] = []): Promise<Browser> {
  const rules = hosts.map((host) => `MAP ${host} 127.0.0.1`).join(', ');
  return chromium.launch({
    executablePath: CHROMIUM,
    timeout: LAUNCH_LIMIT_MS,
    // Its own sandbox does not start as root, which is who runs tests in containers.
    args: ['--no-sandbox', `--host-resolver-rules=${rules}`],
  });
}
