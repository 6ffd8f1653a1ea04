import type { IncomingMessage, ServerResponse } from 'node:http';

import { ApiError } from '@likeness/shared/errors';
import express, { type ErrorRequestHandler, type Express } from 'express';

import type { Logger } from '../log/logger.ts';
import { RequestLog, type RequestLine } from '../log/request-log.ts';
import { DOCS_PATH, OPENAPI_PATH, type ApiDocuments } from './api-documents.ts';
import type { ClientAddresses } from './client-addresses.ts';
import { ClientGoneError } from './client-gone-error.ts';
import { CONSOLE_PATH, consoleFiles } from './console-files.ts';
import { allowOrigins } from './cross-origin.ts';
import type { Gateway } from './gateway.ts';
import { MAX_HEADERS } from './limits.ts';
import { METRICS_PATH, type MetricsPage } from './metrics-page.ts';
import { ROA_PATHS } from './operation.ts';
import { operatorPathOf } from './operators/operator-paths.ts';
import type { Operators } from './operators/operators.ts';
import { PICTURES_PATH, type PicturePage } from './picture-page.ts';
import { formatRefusal, refusalBody, toApiError } from './refusal.ts';
import { replyJson, replyXml } from './reply.ts';
import type { StatusPages } from './status-pages.ts';
import { isUpload, type UploadPage } from './upload-page.ts';

export interface AppOptions {
  readonly gateway: Gateway;
  readonly operators: Operators;
  readonly logger: Logger;
  readonly addresses: ClientAddresses;
  /** Origins of pages that may ask from a browser. */
  readonly corsOrigins: readonly string[];
  readonly pages: {
    readonly status: StatusPages;
    readonly metrics: MetricsPage;
    readonly pictures: PicturePage;
    readonly documents: ApiDocuments;
    readonly uploads: UploadPage;
  };
  /** Told of every request when its answer is out, or its client has gone. */
  readonly onAnswered: (line: RequestLine) => void;
  /** Upper-case UUIDs. */
  readonly newRequestId: () => string;
  /** Milliseconds, never going back. */
  readonly elapsed: () => number;
}

/** Every path the server answers, and the one place where errors become answers. */
export function createApp(options: AppOptions): Express {
  const { gateway, operators, pages } = options;
  const app = express().disable('x-powered-by').disable('etag').set('query parser', false);
  app.use((request, response, next) => {
    openLog(request, response, options);
    if (request.rawHeaders.length > 2 * MAX_HEADERS) throw new ApiError('RequestHeaderTooLarge');
    next();
  });
  const page = (path: string, serve: ServePage): void => {
    app.get(path, (request, response) => {
      const log = logOf(response);
      log.note('action', `GET ${path}`);
      return serve(request, response, log);
    });
  };
  page('/healthz', (request, response) => pages.status.serveHealth(request, response));
  page('/readyz', (request, response) => pages.status.serveReadiness(request, response));
  page(METRICS_PATH, (...exchange) => pages.metrics.serve(...exchange));
  serveConsole(app);
  page(OPENAPI_PATH, (request, response) => pages.documents.serveOpenApi(request, response));
  page(DOCS_PATH, (request, response) => pages.documents.serveDocs(request, response));
  app.use(allowOrigins(options.corsOrigins));
  page(PICTURES_PATH, (...exchange) => pages.pictures.serve(...exchange));
  app.use((request, response, next) => {
    if (operatorPathOf(request.url) === undefined) return next();
    return operators.serve(request, response, logOf(response));
  });
  const serve = (request: IncomingMessage, response: ServerResponse): Promise<void> =>
    (isUpload(request) ? pages.uploads : gateway).serve(request, response, logOf(response));
  app.route('/').get(serve).post(serve).all(refuseMethod);
  for (const path of ROA_PATHS) app.route(path).post(serve).all(refuseMethod);
  app.use(() => {
    throw new ApiError('InvalidAction.NotFound');
  });
  app.use(refuse);
  return app;
}

/** Where it was built, so that a checkout without it still serves everything else. */
function serveConsole(app: Express): void {
  const serveFile = consoleFiles();
  if (serveFile === undefined) return;
  app.use(CONSOLE_PATH, (request, response, next) => {
    logOf(response).note('action', `GET ${CONSOLE_PATH}`);
    serveFile(request, response, next);
  });
}

type ServePage = (
  request: IncomingMessage,
  response: ServerResponse,
  log: RequestLog,
) => Promise<void>;

/** What logs call a client that did not wait for its answer; never on the wire. */
const CLIENT_GONE_STATUS = 499;

const LOGS = new WeakMap<ServerResponse, RequestLog>();

function logOf(response: ServerResponse): RequestLog {
  const log = LOGS.get(response);
  if (log === undefined) throw new Error('a request without a log');
  return log;
}

function openLog(
  request: IncomingMessage,
  response: ServerResponse,
  { newRequestId, logger, elapsed, addresses, onAnswered }: AppOptions,
): void {
  const log = new RequestLog(newRequestId(), logger, elapsed);
  log.note('client', addresses.of(request));
  LOGS.set(response, log);
  response.setHeader('x-acs-request-id', log.id);
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  response.once('close', () => {
    // A refusal sent while the body still came is whole before the response ends: `replyJson` lingers.
    const isGone = !response.headersSent;
    if (isGone) log.note('code', 'ClientGone');
    const status = isGone ? CLIENT_GONE_STATUS : response.statusCode;
    // After the stages have been added, which end with this event too.
    setImmediate(() => onAnswered(log.finish(request.method ?? '', path, status)));
  });
}

function refuseMethod(): never {
  throw new ApiError('UnsupportedHTTPMethod');
}

/** Last: Express sends it every throw and every rejected promise. */
const refuse: ErrorRequestHandler = async (thrown: unknown, request, response, _next) => {
  const log = logOf(response);
  if (ClientGoneError.is(thrown) || response.destroyed) return;
  const error = toApiError(thrown);
  const { status, code, body } = formatRefusal(error, request, log.id);
  log.note('code', code);
  if (error !== thrown) log.bug(thrown);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error.retryAfterMs !== undefined) {
    response.setHeader('x-acs-retry-after', Math.max(1, Math.ceil(error.retryAfterMs)));
  }
  await log.measure('reply', () => {
    if (request.path !== '/' || !isUpload(request))
      return replyJson(request, response, { status, body });
    const texts = refusalBody(error, log.id, request.headers.host ?? '');
    return replyXml(request, response, { status, element: { name: 'Error', texts } });
  });
};
