import { OPERATOR_PREFIX } from '../../src/http/operators/operator-paths.ts';
import { TEST_KEY } from './gateway-server.ts';
import { send, type WireResponse } from './signed-call.ts';

/** An answer of the operator API. */
export interface OperatorAnswer {
  readonly http: number;
  readonly status: string;
  readonly message: string | null;
  readonly data: Readonly<Record<string, unknown>> | null;
  readonly response: WireResponse;
}

type Headers = Readonly<Record<string, string>>;

/** `Authorization` of a key. */
export function bearer({ accessKeyId, accessKeySecret }: typeof TEST_KEY = TEST_KEY): Headers {
  return { authorization: `Bearer ${accessKeyId}:${accessKeySecret}` };
}

/** Asks as a program on the server's machine does, unless headers say otherwise. */
export class OperatorCalls {
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  post(path: string, body: unknown, headers: Headers = {}): Promise<OperatorAnswer> {
    const type = { 'content-type': 'application/json' };
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return this.#send('POST', path, { headers: { ...type, ...headers }, body: text });
  }

  get(path: string, headers: Headers = {}): Promise<OperatorAnswer> {
    return this.#send('GET', path, { headers, body: '' });
  }

  async #send(
    method: string,
    path: string,
    { headers, body }: { readonly headers: Headers; readonly body: string },
  ): Promise<OperatorAnswer> {
    const response = await send(this.#port, {
      method,
      path: `${OPERATOR_PREFIX}/${path}`,
      headers: { host: `localhost:${this.#port}`, ...headers },
      body,
    });
    const { status, message, data } = response.json as unknown as OperatorAnswer;
    return { http: response.status, status, message, data, response };
  }
}
