import type { Logger } from '../log/logger.ts';
import type { Listener } from './listener.ts';
import { loadTlsIdentity, type TlsConfig, type TlsIdentity } from './tls-identity.ts';

export interface TlsKeeperOptions {
  readonly config: TlsConfig;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly listener: Pick<Listener, 'setTls'>;
  readonly logger: Logger;
  /** The one to start with. */
  readonly identity: TlsIdentity;
}

/** How often the files are looked at: for a renewal by hand, and for a certificate near its end. */
const CHECK_INTERVAL_MS = 3_600_000;

/** Keeps a running server's certificate good, without a restart. */
export class TlsKeeper {
  readonly #options: TlsKeeperOptions;
  readonly #timer: NodeJS.Timeout;
  #identity: TlsIdentity;

  constructor(options: TlsKeeperOptions) {
    this.#options = options;
    this.#identity = options.identity;
    options.listener.setTls(options.identity);
    this.#timer = setInterval(() => void this.reload(), CHECK_INTERVAL_MS);
    this.#timer.unref();
  }

  get identity(): TlsIdentity {
    return this.#identity;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Looks at the files now. What cannot be used is logged, and the certificate stays what it is. */
  async reload(): Promise<void> {
    const { config, now, listener, logger } = this.#options;
    try {
      const identity = await loadTlsIdentity(config, now());
      if (identity.cert === this.#identity.cert) return;
      listener.setTls(identity);
      this.#identity = identity;
      logger.info({ expires: new Date(identity.expiresMs).toISOString() }, 'certificate replaced');
    } catch (error) {
      logger.error({ err: error }, 'the certificate cannot be looked after');
    }
  }
}
