import type { RequestHandler } from 'express';

import cors, { type CorsOptions } from 'cors';

/** Seconds for which a browser remembers that a page may ask. */
const PREFLIGHT_MAX_AGE_S = 600;

const ALLOWED: CorsOptions = {
  origin: true,
  methods: ['GET', 'POST'],
  exposedHeaders: ['x-acs-request-id', 'x-acs-retry-after'],
  maxAge: PREFLIGHT_MAX_AGE_S,
};

/**
 * Lets pages of these origins, and no others, ask from a browser; `*` is every page. A page has to sign
 * like everybody: no cookie and no password of the browser counts here.
 */
export function allowOrigins(origins: readonly string[]): RequestHandler {
  const allowed = new Set(origins);
  return cors((request, done) => {
    const { origin } = request.headers;
    const isAllowed = origin !== undefined && (allowed.has('*') || allowed.has(origin));
    done(null, isAllowed ? ALLOWED : { origin: false });
  });
}
