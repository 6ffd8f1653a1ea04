import { resolve } from 'node:path';

import { describe, expect, test } from '@jest/globals';

import { ConfigError } from './config-error.ts';
import { loadConfig } from './config.ts';
import { SETTINGS } from './settings.ts';

describe('loadConfig', () => {
  test('needs nothing', () => {
    expect(loadConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 8000,
      dataDir: resolve('likeness-data'),
      tlsNames: [],
      logLevel: 'info',
    });
    expect(loadConfig({}).rootKey).toBeUndefined();
  });

  test('reads every setting, and lets a flag win', () => {
    const environment = {
      LIKENESS_HOST: '0.0.0.0',
      LIKENESS_PORT: '9000',
      LIKENESS_DATA_DIR: '/data',
      LIKENESS_MIN_FREE_MB: '100',
      LIKENESS_PUBLIC_URL: 'https://images.example.com:8443/',
      LIKENESS_TRUSTED_PROXIES: '10.0.0.0/8, ::1',
      LIKENESS_CORS_ORIGINS: 'https://shop.example.com',
      LIKENESS_FETCH_HOSTS: 'images.example.com, *.example.com:8443,10.0.0.0/8',
      LIKENESS_OPERATOR_AUTH: 'required',
      LIKENESS_ACCESS_KEY_ID: 'id',
      LIKENESS_ACCESS_KEY_SECRET: 'secret',
      LIKENESS_MASTER_KEY: 'AB'.repeat(32),
      LIKENESS_TLS_CERT: 'cert.pem',
      LIKENESS_TLS_KEY: 'key.pem',
      LIKENESS_TLS_NAMES: 'a.example.com, 10.0.0.1,',
      LIKENESS_MODEL: '/packs/large',
      LIKENESS_WORKERS: '3',
      LIKENESS_VECTOR_ENGINE: 'faiss',
      LIKENESS_FAISS_INDEX: 'IVF1024,Flat',
      LIKENESS_FAISS_EFFORT: '32',
      LIKENESS_MAX_CONNECTIONS: '200',
      LIKENESS_MAX_CONNECTIONS_PER_ADDRESS: '20',
      LIKENESS_BODY_MEMORY_MB: '64',
      LIKENESS_UPLOAD_MB: '32',
      LIKENESS_AUDIT_DIR: '/audit',
      LIKENESS_AUDIT_MB: '5',
      LIKENESS_METRICS_PORT: '9100',
      LIKENESS_LOG_LEVEL: 'debug',
    };
    expect(loadConfig(environment, { port: '9001' })).toEqual({
      host: '0.0.0.0',
      port: 9001,
      dataDir: '/data',
      reserveBytes: 100 * 1024 * 1024,
      publicUrl: 'https://images.example.com:8443',
      trustedProxies: ['10.0.0.0/8', '::1'],
      corsOrigins: ['https://shop.example.com'],
      fetchHosts: ['images.example.com', '*.example.com:8443', '10.0.0.0/8'],
      operatorAuth: 'required',
      rootKey: { accessKeyId: 'id', accessKeySecret: 'secret' },
      masterKey: 'ab'.repeat(32),
      tlsFiles: { certificate: 'cert.pem', key: 'key.pem' },
      tlsNames: ['a.example.com', '10.0.0.1'],
      modelFolder: '/packs/large',
      workers: 3,
      faiss: { description: 'IVF1024,Flat', effort: 32 },
      maxConnections: 200,
      maxConnectionsPerAddress: 20,
      bodyMemoryBytes: 64 * 1024 * 1024,
      uploadBytes: 32 * 1024 * 1024,
      auditDir: '/audit',
      auditMb: 5,
      metricsPort: 9100,
      logLevel: 'debug',
    });
    expect(Object.keys(environment)).toEqual(
      Object.values(SETTINGS).map(({ environmentVariable }) => environmentVariable),
    );
  });

  test('takes an empty variable for an absent one', () => {
    expect(loadConfig({ LIKENESS_PORT: '', LIKENESS_ACCESS_KEY_ID: ' ' }).port).toBe(8000);
  });

  test.each([
    [
      { LIKENESS_PORT: '65536' },
      'LIKENESS_PORT (--port) must be an integer from 0 to 65535, not "65536"',
    ],
    [
      { LIKENESS_PORT: '8e3' },
      'LIKENESS_PORT (--port) must be an integer from 0 to 65535, not "8e3"',
    ],
    [
      { LIKENESS_WORKERS: '0' },
      'LIKENESS_WORKERS (--workers) must be an integer from 1 to 256, not "0"',
    ],
    [
      { LIKENESS_ACCESS_KEY_SECRET: 'hush' },
      'LIKENESS_ACCESS_KEY_SECRET is set without LIKENESS_ACCESS_KEY_ID',
    ],
    [
      { LIKENESS_TLS_NAMES: '*.example.com, [::1], a b' },
      'LIKENESS_TLS_NAMES (--tls-names) must be host names or addresses with commas between them, not "a b"',
    ],
    [
      { LIKENESS_MASTER_KEY: 'ab'.repeat(31) },
      'LIKENESS_MASTER_KEY (--master-key) must be 64 hexadecimal digits, as "openssl rand -hex 32" prints them',
    ],
    [{ LIKENESS_TLS_CERT: 'c.pem' }, 'LIKENESS_TLS_CERT is set without LIKENESS_TLS_KEY'],
    [
      { LIKENESS_PUBLIC_URL: 'https://example.com/path' },
      'LIKENESS_PUBLIC_URL (--public-url) must be a URL like https://images.example.com:8443, without a path, not "https://example.com/path"',
    ],
    ...['10.0.0.0/33', '1.2.3', 'proxy', '::1/x', '1.2.3.4/8/8'].map(
      (network): [Record<string, string>, string] => [
        { LIKENESS_TRUSTED_PROXIES: `127.0.0.1,${network}` },
        `LIKENESS_TRUSTED_PROXIES (--trusted-proxies) must be addresses or networks like 10.0.0.0/8 with commas between them, not "${network}"`,
      ],
    ),
    ...['https://shop.example.com/', 'shop.example.com', 'null'].map(
      (origin): [Record<string, string>, string] => [
        { LIKENESS_CORS_ORIGINS: origin },
        `LIKENESS_CORS_ORIGINS (--cors-origins) must be origins like https://shop.example.com with commas between them, not "${origin}"`,
      ],
    ),
    [
      { LIKENESS_FETCH_HOSTS: 'images.example.com, http://a.example.com' },
      'LIKENESS_FETCH_HOSTS (--fetch-hosts) must be hosts like images.example.com, *.example.com:8443 or 10.0.0.0/8 with commas between them, not "http://a.example.com"',
    ],
  ])('refuses %j', (environment, problem) => {
    expect(() => loadConfig(environment)).toThrow(new ConfigError([problem]));
  });

  test('tells all problems at once', () => {
    expect(() => loadConfig({ LIKENESS_PORT: 'x', LIKENESS_LOG_LEVEL: 'loud' })).toThrow(
      /LIKENESS_PORT.*\n.*LIKENESS_LOG_LEVEL/u,
    );
  });
});
