/** The operator API: finds the operation, learns who asks, reads the fields, writes the answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { ActionServices, CallContext } from '../../actions/action.ts';
import type { RequestLog } from '../../log/request-log.ts';
import { withBody, type BodyAdmission } from '../admitted-body.ts';
import type { FormWorkers } from '../form-workers.ts';
import { goneSignal } from '../gone-signal.ts';
import { ANSWER_TIMEOUT_MS, BODY_TIMEOUT_MS, MAX_SENDING_BYTES } from '../limits.ts';
import { maxBodyBytes } from '../body-limits.ts';
import type { Body } from '../read-body.ts';
import { SendBudget } from '../send-budget.ts';
import type { OperatorCredentials } from './credentials.ts';
import { operatorPathOf } from './operator-paths.ts';
import { readFields } from './read-fields.ts';
import { findRoute, type Route } from './routes.ts';
import { AnswerWriter } from './write-answer.ts';

export interface OperatorsOptions {
  readonly services: ActionServices;
  readonly credentials: OperatorCredentials;
  readonly formWorkers: Pick<FormWorkers, 'readJson'>;
  readonly admission: BodyAdmission['admission'];
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly log: RequestLog;
  readonly route: Route;
}

/** Serves the operator API: one request in, one answer or one `ApiError` out. */
export class Operators {
  readonly #options: OperatorsOptions;
  readonly #answers: AnswerWriter;

  constructor(options: OperatorsOptions) {
    this.#options = options;
    this.#answers = new AnswerWriter({
      catalog: options.services.catalog,
      budget: new SendBudget({ maxBytes: MAX_SENDING_BYTES, timeoutMs: ANSWER_TIMEOUT_MS }),
    });
  }

  /** Serves one request, or throws what is wrong with it. */
  async serve(request: IncomingMessage, response: ServerResponse, log: RequestLog): Promise<void> {
    // What is another's must not be taken for a script or a page.
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Cache-Control', 'no-store');
    const path = operatorPathOf(request.url ?? '') ?? '';
    const route = findRoute(request.method ?? '', path, (methods) => {
      response.setHeader('Allow', methods.join(', '));
    });
    log.note('action', route.operation.name);
    const { admission } = this.#options;
    const limits = { maxBytes: maxBodyBytes(request), timeoutMs: BODY_TIMEOUT_MS };
    const exchange = { request, response, log, route };
    const data = await withBody(request, log, { admission, limits }, (body) =>
      this.#call(exchange, body),
    );
    // Its body is let go of: pictures may be on their way for long.
    await log.measure('reply', () => this.#answers.write(request, response, data));
  }

  async #call({ request, response, log, route }: Exchange, body: Body): Promise<unknown> {
    const { services, credentials, formWorkers: workers } = this.#options;
    const { operation } = route;
    const caller = await log.measure('authenticate', () =>
      credentials.identify(request, body, { operation: operation.name, log }),
    );
    log.note('key', caller.accessKeyId);
    const fields = await log.measure('parse', () =>
      readFields(request, body.bytes, { route, workers }),
    );
    const { library_name: library } = fields;
    log.note('library', typeof library === 'string' ? library : undefined);
    const call: CallContext = {
      requestId: log.id,
      caller,
      peer: log.client,
      signal: goneSignal(response),
      onStage: log.addStage,
    };
    return operation.run(fields, call, services);
  }
}
