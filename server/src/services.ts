/** From configuration to services: the only place that says which implementation is used. */
import { randomUUID } from 'node:crypto';

import { findAction } from './actions/action-table.ts';
import type { ActionServices, ProgramFacts } from './actions/action.ts';
import { RateLimiter } from './auth/rate-limiter.ts';
import { PictureLinks } from './auth/picture-links.ts';
import type { RootKey } from './auth/root-key.ts';
import type { Catalog } from './catalog/catalog.ts';
import { WorkGate } from './catalog/work-gate.ts';
import type { Config } from './config/config.ts';
import { FETCH_GATE } from './fetch/limits.ts';
import { PictureFetcher } from './fetch/picture-fetcher.ts';
import { Admission } from './http/admission.ts';
import { ApiDocuments } from './http/api-documents.ts';
import { createApp } from './http/app.ts';
import { maxBodyBytes } from './http/body-limits.ts';
import { FormWorkers } from './http/form-workers.ts';
import { Gateway } from './http/gateway.ts';
import { BODY_TIMEOUT_MS, MAX_BODY_BYTES } from './http/limits.ts';
import { Listener } from './http/listener.ts';
import { readOpenFileLimit } from './http/open-file-limit.ts';
import { MetricsPage } from './http/metrics-page.ts';
import { OperatorCredentials } from './http/operators/credentials.ts';
import { keyRequirement } from './http/operators/key-requirement.ts';
import { Operators } from './http/operators/operators.ts';
import { PicturePage } from './http/picture-page.ts';
import { isBodyTooLarge } from './http/receive-body.ts';
import { StatusPages } from './http/status-pages.ts';
import { loadTlsIdentity } from './http/tls-identity.ts';
import { TlsKeeper } from './http/tls-keeper.ts';
import { UploadPage } from './http/upload-page.ts';
import type { Logger } from './log/logger.ts';
import { openAccess } from './open-access.ts';
import { openObservation, type Observation } from './open-observation.ts';
import { openUploads } from './open-uploads.ts';
import { VERSION } from './package-version.ts';
import type { DamageRegister } from './store/damage-register.ts';
import type { ValueStore } from './store/value-store.ts';

/** Threads that hold large forms: one reads ten of 6 MB a second, which keep two vision processes busy. */
const MIN_FORM_THREADS = 2;
const WORKERS_PER_FORM_THREAD = 2;

export interface ServicesOptions {
  readonly config: Config;
  readonly logger: Logger;
  /** Awaited last: what else a start needs is opened meanwhile. */
  readonly catalog: Promise<Catalog>;
  /** Where access keys and usage live. */
  readonly values: ValueStore;
  /** Told of what is found damaged. */
  readonly damage: DamageRegister;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Everything that answers requests, not listening yet. */
export interface Services {
  readonly listener: Listener;
  readonly rootKey: RootKey;
  readonly tls: TlsKeeper;
  /** What the port holds and turned away, for metrics. */
  readonly admission: Admission;
  readonly observation: Observation;
  /** Finishes what is in flight, then releases everything but the catalog. */
  readonly close: () => Promise<void>;
}

/** @throws {Error} for another master key, or unusable TLS files. */
export async function openServices(options: ServicesOptions): Promise<Services> {
  const { config, logger, now } = options;
  const access = await openAccess({ ...options, elapsed });
  const { rootKey, accessKeys, audit, authenticator } = access;
  const identity = await loadTlsIdentity(config, now());
  for (const file of identity.replaced) {
    options.damage.note({ kind: 'identity', ...file, isMended: true });
  }
  const catalog = await options.catalog;
  const formWorkers = new FormWorkers({ threads: formThreads(config.workers) });
  const admission = new Admission({ ...config, maxOpenFiles: await readOpenFileLimit() });
  const { addresses, connections } = admission;
  const uploads = await openUploads({
    ...options,
    catalog,
    credentials: accessKeys,
    secret: rootKey.accessKeySecret,
  });
  const observation = await openObservation({
    ...options,
    catalog,
    admission,
    formWorkers,
    uploads: uploads.store,
  });
  const pictureLinks = new PictureLinks({ credentials: accessKeys, now });
  let isReady = true;
  const services: ActionServices = {
    catalog,
    accessKeys,
    audit,
    instanceRates: new RateLimiter(elapsed),
    pictureLinks,
    uploadTickets: uploads.tickets,
    pictures: gateFetches(new PictureFetcher({ hosts: config.fetchHosts })),
    usage: observation.usage,
    program: describeProgram(observation),
    now,
  };
  const gateway = new Gateway({
    findAction,
    services,
    authenticator,
    formWorkers,
    pictureSources: {
      uploads: uploads.store,
      fetchPicture: (url, signal) => services.pictures.fetch(url, signal),
    },
    bodies: { limits: { maxBytes: MAX_BODY_BYTES, timeoutMs: BODY_TIMEOUT_MS }, admission },
  });
  const operators = new Operators({
    services,
    credentials: new OperatorCredentials({
      authenticator,
      audit,
      keyRequirement: keyRequirement(config),
      rootKeyId: rootKey.accessKeyId,
    }),
    formWorkers,
    admission,
  });
  const listener = new Listener({
    handle: createApp({
      gateway,
      operators,
      logger,
      addresses,
      corsOrigins: config.corsOrigins,
      pages: {
        status: new StatusPages({ isReady: () => isReady, health: () => catalog.health() }),
        metrics: new MetricsPage({ ...observation, ...config, authenticator, audit }),
        pictures: new PicturePage({ catalog, links: pictureLinks, audit, now }),
        documents: new ApiDocuments(config),
        uploads: new UploadPage({ ...uploads, audit, admission }),
      },
      onAnswered: observation.onAnswered,
      newRequestId,
      elapsed,
    }),
    wantsBody: (request) => !isBodyTooLarge(request, maxBodyBytes(request)),
    onError: (error) => logger.error({ err: error }, 'a connection could not be accepted'),
    newRequestId,
    connections,
  });
  const tls = new TlsKeeper({ config, now, listener, logger, identity });
  return {
    listener,
    rootKey,
    tls,
    admission,
    observation,
    close: async () => {
      isReady = false;
      tls.close();
      await listener.close();
      await formWorkers.close();
      await observation.close();
      await uploads.store.close();
      await access.close();
    },
  };
}

function gateFetches(fetcher: PictureFetcher): Pick<PictureFetcher, 'fetch'> {
  const gate = new WorkGate(FETCH_GATE);
  return { fetch: (url, signal) => gate.run(() => fetcher.fetch(url, signal), signal) };
}

function describeProgram({ startedMs }: Observation): ProgramFacts {
  const { version: node, platform, arch } = process;
  return { version: VERSION, node, platform: `${platform} ${arch}`, startedMs };
}

function formThreads(workers: number): number {
  return Math.max(MIN_FORM_THREADS, Math.ceil(workers / WORKERS_PER_FORM_THREAD));
}

function newRequestId(): string {
  return randomUUID().toUpperCase();
}

function elapsed(): number {
  return performance.now();
}
