/** The signed API: reads a request, learns who sent it, calls the action it names, writes the answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';

import { ApiError } from '@likeness/shared/errors';

import type { ActionCall, ActionServices, Caller } from '../actions/action.ts';
import type { Authenticator } from '../auth/authenticator.ts';
import { detectScheme, type Scheme } from '../auth/scheme.ts';
import { singleHeader, type SignedRequest } from '../auth/signed-request.ts';
import type { RequestLog } from '../log/request-log.ts';
import { AddressedPictures, type PictureSources } from './addressed-pictures.ts';
import { withBody, type BodyAdmission } from './admitted-body.ts';
import type { BodyLease } from './body-budget.ts';
import { auditDenials } from './denials.ts';
import type { FormWorkers } from './form-workers.ts';
import type { Form } from './form.ts';
import { goneSignal } from './gone-signal.ts';
import { nameOperation, type FindAction } from './operation.ts';
import { mergeParameters } from './parameters.ts';
import type { Body } from './read-body.ts';
import { readForm } from './read-form.ts';
import { replyJson } from './reply.ts';
import { toSignedRequest } from './to-signed-request.ts';

export interface GatewayOptions {
  readonly findAction: FindAction;
  readonly services: ActionServices;
  readonly authenticator: Authenticator;
  readonly formWorkers: FormWorkers;
  readonly pictureSources: PictureSources;
  readonly bodies: BodyAdmission;
}

interface Exchange {
  readonly response: ServerResponse;
  readonly log: RequestLog;
  /** Counts what is in memory until the answer is out. */
  readonly lease: BodyLease;
}

interface WholeRequest extends Exchange {
  readonly request: IncomingMessage;
  readonly body: Body;
}

interface Claimed {
  readonly scheme: Scheme;
  readonly action: string;
  readonly log: RequestLog;
}

const FORM_TYPE = 'application/x-www-form-urlencoded';

/** Serves the signed API: one request in, one answer or one `ApiError` out. */
export class Gateway {
  readonly #options: GatewayOptions;

  constructor(options: GatewayOptions) {
    this.#options = options;
  }

  /** Serves one request, or throws what is wrong with it. */
  async serve(request: IncomingMessage, response: ServerResponse, log: RequestLog): Promise<void> {
    await withBody(request, log, this.#options.bodies, (body, lease) =>
      this.#serveWhole({ request, response, body, log, lease }),
    );
  }

  async #serveWhole({ request, body, ...exchange }: WholeRequest): Promise<void> {
    const { response, log } = exchange;
    const form = await log.measure('parse', () =>
      readForm(formBytes(request, body), this.#options.formWorkers, exchange.lease),
    );
    try {
      const result = await this.#call(toSignedRequest(request, body, form), form, exchange);
      await log.measure('reply', () =>
        replyJson(request, response, { status: 200, body: { RequestId: log.id, ...result } }),
      );
    } finally {
      form.release();
    }
  }

  /** The order of checks: docs/wire-protocol.md. */
  async #call(
    request: SignedRequest,
    form: Form,
    { response, log, lease }: Exchange,
  ): Promise<Record<string, unknown>> {
    const { findAction, services, pictureSources } = this.#options;
    const scheme = detectScheme(request);
    const operation = nameOperation(request, scheme);
    const action = findAction(operation.version, operation.name);
    log.note('action', operation.name);
    const caller = await this.#authenticate(request, { scheme, action: operation.name, log });
    log.note('key', caller.accessKeyId);
    const pictures = await log.measure('parse', () => form.pictures());
    form.release();
    const parameters = mergeParameters(request.query, request.form.pairs, pictures);
    log.note('instance', parameters.text.get('InstanceName'));
    log.note('library', parameters.text.get('LibraryName'));
    const signal = goneSignal(response);
    const { accessKeyId } = caller;
    const addressed = new AddressedPictures(pictureSources, { accessKeyId, lease, signal });
    const call: ActionCall = {
      requestId: log.id,
      parameters,
      caller,
      peer: log.client,
      authority: singleHeader(request.headers, 'host') ?? '',
      loadPicture: (url) => log.measure('upload', () => addressed.load(url)),
      signal,
      onStage: log.addStage,
    };
    const result = await action(call, services);
    await addressed.noteUsed();
    return result;
  }

  /** Who sent it. A refusal gets its line in the audit log, under the key that the request claims. */
  async #authenticate(request: SignedRequest, { scheme, action, log }: Claimed): Promise<Caller> {
    const { authenticator, services } = this.#options;
    const { accessKeyId, rights } = await auditDenials(services.audit, { action, log }, (onClaim) =>
      log.measure('authenticate', () => authenticator.authenticate(request, scheme, onClaim)),
    );
    return { accessKeyId, rights };
  }
}

/** @throws {ApiError} `InvalidParameter.Format` for a body that is no form. */
function formBytes({ headers }: IncomingMessage, { bytes }: Body): Buffer {
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? FORM_TYPE;
  if (bytes.length === 0 || type === FORM_TYPE) return bytes;
  throw new ApiError('InvalidParameter.Format', { message: `The body must be ${FORM_TYPE}.` });
}
