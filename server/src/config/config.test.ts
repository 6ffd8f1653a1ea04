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
      LIKENESS_PUBLIC_URL: 'https://images.example.com:8443/',
      LIKENESS_ACCESS_KEY_ID: 'id',
      LIKENESS_ACCESS_KEY_SECRET: 'secret',
      LIKENESS_TLS_CERT: 'cert.pem',
      LIKENESS_TLS_KEY: 'key.pem',
      LIKENESS_TLS_NAMES: 'a.example.com, 10.0.0.1,',
      LIKENESS_MODEL: '/packs/large',
      LIKENESS_WORKERS: '3',
      LIKENESS_LOG_LEVEL: 'debug',
    };
    expect(loadConfig(environment, { port: '9001' })).toEqual({
      host: '0.0.0.0',
      port: 9001,
      dataDir: '/data',
      publicUrl: 'https://images.example.com:8443',
      rootKey: { accessKeyId: 'id', accessKeySecret: 'secret' },
      tlsFiles: { certificate: 'cert.pem', key: 'key.pem' },
      tlsNames: ['a.example.com', '10.0.0.1'],
      modelFolder: '/packs/large',
      workers: 3,
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
    [{ LIKENESS_TLS_CERT: 'c.pem' }, 'LIKENESS_TLS_CERT is set without LIKENESS_TLS_KEY'],
    [
      { LIKENESS_PUBLIC_URL: 'https://example.com/path' },
      'LIKENESS_PUBLIC_URL (--public-url) must be a URL like https://images.example.com:8443, without a path, not "https://example.com/path"',
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
