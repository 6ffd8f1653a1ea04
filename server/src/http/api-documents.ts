import type { IncomingMessage, ServerResponse } from 'node:http';

import { DOCS_STYLE_HASH, renderDocs } from './operators/docs-page.ts';
import { createOpenApiDocument, type OpenApiDocument } from './operators/openapi-document.ts';
import { replyBytes } from './reply-bytes.ts';

export const OPENAPI_PATH = '/openapi.json';
export const DOCS_PATH = '/docs';

/** Nothing but its own style: no script, no picture, no frame, no other host. */
const DOCS_POLICY = [
  "default-src 'none'",
  `style-src '${DOCS_STYLE_HASH}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** `GET /openapi.json` and `GET /docs`: the operator API for programs, and for people. They tell no secret. */
export class ApiDocuments {
  readonly #publicUrl: string | undefined;
  #document: OpenApiDocument | undefined;

  constructor({ publicUrl }: { readonly publicUrl?: string }) {
    this.#publicUrl = publicUrl;
  }

  serveOpenApi(_request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.stringify(this.#open(), undefined, 2);
    return replyBytes(response, { type: 'application/json;charset=utf-8', body });
  }

  serveDocs(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = this.#publicUrl ?? `http://localhost:${request.socket.localPort}`;
    const headers = { 'Content-Security-Policy': DOCS_POLICY, 'Referrer-Policy': 'no-referrer' };
    const body = renderDocs(this.#open(), url);
    return replyBytes(response, { type: 'text/html;charset=utf-8', body, headers });
  }

  /** Made when it is first asked for. */
  #open(): OpenApiDocument {
    this.#document ??= createOpenApiDocument();
    return this.#document;
  }
}
