import type { IncomingMessage } from 'node:http';

import type { RequestLog } from '../log/request-log.ts';
import type { Admission } from './admission.ts';
import type { BodyLease } from './body-budget.ts';
import { clientGroup } from './client-addresses.ts';
import { readBody, type Body, type ReadBodyOptions } from './read-body.ts';

/** What a request with a body passes before any work is done. */
export interface BodyAdmission {
  readonly limits: Omit<ReadBodyOptions, 'lease'>;
  readonly admission: Pick<Admission, 'bodies' | 'slots'>;
}

/**
 * Reads a request's body and works on it, with a place among the requests that are worked on and room for the body
 * until that is done.
 *
 * @throws {ApiError} `ServiceUnavailable` where there is no place; as {@link readBody}
 */
export async function withBody<Result>(
  request: IncomingMessage,
  log: RequestLog,
  { limits, admission }: BodyAdmission,
  work: (body: Body, lease: BodyLease) => Promise<Result>,
): Promise<Result> {
  const { bodies, slots } = admission;
  const client = clientGroup(log.client);
  slots.requireRoom(client);
  const lease = bodies.open();
  try {
    const body = await log.measure('read', () => readBody(request, { ...limits, lease }));
    const leave = slots.take(client);
    const result = await work(body, lease).finally(leave);
    // Where it fails, some of it may still be under way.
    lease.settle();
    return result;
  } finally {
    lease.release();
  }
}
