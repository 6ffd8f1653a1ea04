import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';

import sirv from 'sirv';

/** Where the console lives. */
export const CONSOLE_PATH = '/console';

/** What `npm run build` made of server/console; the same place from sources and from what they are compiled to. */
export const CONSOLE_DIR = fileURLToPath(new URL('../../console/dist/', import.meta.url));

const YEAR_S = 365 * 24 * 3600;
const KEPT_FOR_EVER = `public,max-age=${YEAR_S},immutable`;

/** Nothing from elsewhere, nothing inline: what a stored text smuggles into the page has no way to run. */
const HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
} as const;

/** Answers a request for one of the console's files, or calls `next`. */
export type ServeFile = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void;

/**
 * The console's files, compressed where the browser takes it; undefined where it was not built. Names under `assets/`
 * carry a digest of their content and are kept for ever, the page itself is asked for again each time.
 */
export function consoleFiles(folder: string = CONSOLE_DIR): ServeFile | undefined {
  if (!existsSync(folder)) return undefined;
  return sirv(folder, {
    brotli: true,
    etag: true,
    // Looks each time: a list from the start would name files that a build has since replaced, and to open one that
    // is gone ends the process.
    dev: true,
    setHeaders: (response, pathname) => {
      for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
      if (pathname.startsWith('/assets/')) response.setHeader('Cache-Control', KEPT_FOR_EVER);
    },
  });
}
