/**
 * Every setting: its flag, its environment variable, its default. The reader of the configuration and
 * `--help` both go through this table; nothing else knows a name.
 */

/** What a setting's text must be. */
export type SettingKind =
  | { readonly kind: 'text' }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'names' }
  | { readonly kind: 'url' }
  /** 64 hexadecimal digits. */
  | { readonly kind: 'key' }
  /** Addresses and networks. */
  | { readonly kind: 'networks' }
  | { readonly kind: 'origins' }
  | { readonly kind: 'fetchHosts' };

export interface Setting {
  /** `--name` on the command line. */
  readonly flag: string;
  readonly environmentVariable: string;
  /** What stands for the value in `--help`. */
  readonly placeholder: string;
  readonly description: string;
  readonly value: SettingKind;
  /** As text; absent where the absence means something, as the description says. */
  readonly fallback?: string;
  /** Never repeated in a message. */
  readonly isSecret?: boolean;
}

const TEXT: SettingKind = { kind: 'text' };

/** Whether programs on this machine need a key for the operator API. */
export const OPERATOR_AUTHS = ['loopback', 'required'] as const;

/** What compares vectors: Likeness itself, or a library that the user installed. */
export const VECTOR_ENGINES = ['likeness', 'faiss'] as const;

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Worker processes that may be asked for. */
const MAX_WORKERS = 256;
const MAX_FAISS_EFFORT = 1_000_000;
const MAX_AUDIT_MB = 1_000_000;
/** A key fills a quarter, and an upload is counted as the largest while it arrives. */
const MIN_UPLOAD_MB = 16;
const MAX_UPLOAD_MB = 1_000_000;
const MAX_CONNECTIONS = 1_000_000;
/** One body of the largest size must fit. */
const MIN_BODY_MEMORY_MB = 16;
const MAX_BODY_MEMORY_MB = 1_000_000;

/** A terabyte. */
const MAX_MIN_FREE_MB = 1024 * 1024;

export const SETTINGS = {
  host: {
    flag: 'host',
    environmentVariable: 'LIKENESS_HOST',
    placeholder: 'address',
    description: 'address to listen on; 0.0.0.0 or :: for every one',
    value: TEXT,
    fallback: '127.0.0.1',
  },
  port: {
    flag: 'port',
    environmentVariable: 'LIKENESS_PORT',
    placeholder: 'number',
    description: 'port for HTTP and TLS alike; 0 for a free one',
    value: { kind: 'integer', min: 0, max: 65_535 },
    fallback: '8000',
  },
  dataDir: {
    flag: 'data-dir',
    environmentVariable: 'LIKENESS_DATA_DIR',
    placeholder: 'folder',
    description: 'folder that holds everything the server keeps',
    value: TEXT,
    fallback: './likeness-data',
  },
  minFree: {
    flag: 'min-free-mb',
    environmentVariable: 'LIKENESS_MIN_FREE_MB',
    placeholder: 'number',
    description:
      'MiB that stay free on the disk: what would store more is refused below, 0 asks for none',
    value: { kind: 'integer', min: 0, max: MAX_MIN_FREE_MB },
    fallback: '512',
  },
  publicUrl: {
    flag: 'public-url',
    environmentVariable: 'LIKENESS_PUBLIC_URL',
    placeholder: 'url',
    description: 'how clients reach the server, if not at its host and port',
    value: { kind: 'url' },
  },
  trustedProxies: {
    flag: 'trusted-proxies',
    environmentVariable: 'LIKENESS_TRUSTED_PROXIES',
    placeholder: 'networks',
    description: 'addresses and networks of proxies whose X-Forwarded-For is believed, by commas',
    value: { kind: 'networks' },
  },
  corsOrigins: {
    flag: 'cors-origins',
    environmentVariable: 'LIKENESS_CORS_ORIGINS',
    placeholder: 'origins',
    description: 'origins of pages that may ask from a browser, by commas; * for every one',
    value: { kind: 'origins' },
  },
  fetchHosts: {
    flag: 'fetch-hosts',
    environmentVariable: 'LIKENESS_FETCH_HOSTS',
    placeholder: 'hosts',
    description:
      'hosts that pictures may be fetched from by URL, by commas, like images.example.com, *.example.com:8443 or 10.0.0.0/8; none if absent',
    value: { kind: 'fetchHosts' },
  },
  operatorAuth: {
    flag: 'operator-auth',
    environmentVariable: 'LIKENESS_OPERATOR_AUTH',
    placeholder: 'who',
    description:
      'loopback: programs on this machine need no key for the operator API where nobody else reaches the port; required: everybody does',
    value: { kind: 'choice', choices: OPERATOR_AUTHS },
    fallback: 'loopback',
  },
  accessKeyId: {
    flag: 'access-key-id',
    environmentVariable: 'LIKENESS_ACCESS_KEY_ID',
    placeholder: 'id',
    description: 'root access key id; generated, stored and printed once if absent',
    value: TEXT,
  },
  accessKeySecret: {
    flag: 'access-key-secret',
    environmentVariable: 'LIKENESS_ACCESS_KEY_SECRET',
    placeholder: 'secret',
    description: 'root access key secret; a flag shows in process lists, so prefer the variable',
    value: TEXT,
    isSecret: true,
  },
  masterKey: {
    flag: 'master-key',
    environmentVariable: 'LIKENESS_MASTER_KEY',
    placeholder: 'digits',
    description:
      '64 hexadecimal digits that seal the secrets of access keys; made and kept beside the data folder if absent; a flag shows in process lists, so prefer the variable',
    value: { kind: 'key' },
    isSecret: true,
  },
  tlsCert: {
    flag: 'tls-cert',
    environmentVariable: 'LIKENESS_TLS_CERT',
    placeholder: 'file',
    description: 'PEM certificate chain; a private CA and certificate are made if absent',
    value: TEXT,
  },
  tlsKey: {
    flag: 'tls-key',
    environmentVariable: 'LIKENESS_TLS_KEY',
    placeholder: 'file',
    description: 'PEM private key of the certificate',
    value: TEXT,
  },
  tlsNames: {
    flag: 'tls-names',
    environmentVariable: 'LIKENESS_TLS_NAMES',
    placeholder: 'names',
    description: 'further host names and addresses for the made certificate, by commas',
    value: { kind: 'names' },
  },
  model: {
    flag: 'model',
    environmentVariable: 'LIKENESS_MODEL',
    placeholder: 'folder',
    description: 'folder of the model pack that looks at pictures; the embedded one if absent',
    value: TEXT,
  },
  workers: {
    flag: 'workers',
    environmentVariable: 'LIKENESS_WORKERS',
    placeholder: 'number',
    description: 'processes that look at pictures; one a processor if absent',
    value: { kind: 'integer', min: 1, max: MAX_WORKERS },
  },
  vectorEngine: {
    flag: 'vector-engine',
    environmentVariable: 'LIKENESS_VECTOR_ENGINE',
    placeholder: 'name',
    description: 'what finds the nearest vectors: likeness, or faiss where faiss-node is installed',
    value: { kind: 'choice', choices: VECTOR_ENGINES },
    fallback: 'likeness',
  },
  faissIndex: {
    flag: 'faiss-index',
    environmentVariable: 'LIKENESS_FAISS_INDEX',
    placeholder: 'description',
    description: "faiss's index, as its index_factory reads it, like HNSW32 or IVF1024,Flat",
    value: TEXT,
    fallback: 'Flat',
  },
  faissEffort: {
    flag: 'faiss-effort',
    environmentVariable: 'LIKENESS_FAISS_EFFORT',
    placeholder: 'number',
    description: 'nprobe of IVF (a sixteenth of its lists if absent), efSearch of HNSW (512)',
    value: { kind: 'integer', min: 1, max: MAX_FAISS_EFFORT },
  },
  maxConnections: {
    flag: 'max-connections',
    environmentVariable: 'LIKENESS_MAX_CONNECTIONS',
    placeholder: 'number',
    description: 'open connections; for one more the one idle for longest is closed',
    value: { kind: 'integer', min: 1, max: MAX_CONNECTIONS },
    fallback: '10000',
  },
  maxConnectionsPerAddress: {
    flag: 'max-connections-per-address',
    environmentVariable: 'LIKENESS_MAX_CONNECTIONS_PER_ADDRESS',
    placeholder: 'number',
    description: 'open connections of one client address; trusted proxies have no such limit',
    value: { kind: 'integer', min: 1, max: MAX_CONNECTIONS },
    fallback: '1000',
  },
  bodyMemoryMb: {
    flag: 'body-memory',
    environmentVariable: 'LIKENESS_BODY_MEMORY_MB',
    placeholder: 'megabytes',
    description: 'memory for the bodies of all requests together, in MiB',
    value: { kind: 'integer', min: MIN_BODY_MEMORY_MB, max: MAX_BODY_MEMORY_MB },
    fallback: '512',
  },
  uploadMb: {
    flag: 'upload-size',
    environmentVariable: 'LIKENESS_UPLOAD_MB',
    placeholder: 'megabytes',
    description: 'what uploaded pictures that wait to be used take at most on the disk, in MiB',
    value: { kind: 'integer', min: MIN_UPLOAD_MB, max: MAX_UPLOAD_MB },
    fallback: '2048',
  },
  auditDir: {
    flag: 'audit-dir',
    environmentVariable: 'LIKENESS_AUDIT_DIR',
    placeholder: 'folder',
    description: 'folder of the audit log; audit in the data folder if absent',
    value: TEXT,
  },
  auditMb: {
    flag: 'audit-size',
    environmentVariable: 'LIKENESS_AUDIT_MB',
    placeholder: 'megabytes',
    description: 'what all files of the audit log together take at most, in MiB',
    value: { kind: 'integer', min: 1, max: MAX_AUDIT_MB },
    fallback: '100',
  },
  metricsPort: {
    flag: 'metrics-port',
    environmentVariable: 'LIKENESS_METRICS_PORT',
    placeholder: 'number',
    description: 'port of 127.0.0.1 that tells metrics without a key; none if absent',
    value: { kind: 'integer', min: 0, max: 65_535 },
  },
  logLevel: {
    flag: 'log-level',
    environmentVariable: 'LIKENESS_LOG_LEVEL',
    placeholder: 'level',
    description: `how much goes to standard error: ${LOG_LEVELS.join(', ')}`,
    value: { kind: 'choice', choices: LOG_LEVELS },
    fallback: 'info',
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;
