import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';

import type { Credentials } from '@likeness/shared/signing';

import { ConfigError } from './config-error.ts';
import { SettingReader, type Environment, type Flags } from './setting-reader.ts';
import { SETTINGS, type LOG_LEVELS, type OPERATOR_AUTHS } from './settings.ts';

export type OperatorAuth = (typeof OPERATOR_AUTHS)[number];

export type LogLevel = (typeof LOG_LEVELS)[number];

const MEBIBYTE = 1024 * 1024;

/** As `FaissPlan` has it. */
export interface FaissConfig {
  readonly description: string;
  readonly effort: number | undefined;
}

/** The whole configuration, checked. */
export interface Config {
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  /** Absolute. */
  readonly dataDir: string;
  /** Bytes that stay free where the data folder is. */
  readonly reserveBytes: number;
  /** What all uploads that wait to be used take at most. */
  readonly uploadBytes: number;
  /** Origin, without a slash at its end. */
  readonly publicUrl?: string;
  /** Addresses and networks whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Origins of pages that may ask from a browser; `*` for every one. */
  readonly corsOrigins: readonly string[];
  readonly operatorAuth: OperatorAuth;
  /** Hosts that pictures may be fetched from, as `FetchHosts` reads them. */
  readonly fetchHosts: readonly string[];
  readonly rootKey?: Credentials;
  /** 64 hexadecimal digits; absent where it is in a file beside the data folder. */
  readonly masterKey?: string;
  /** Paths of PEM files; absent where the server makes its own. */
  readonly tlsFiles?: { readonly certificate: string; readonly key: string };
  readonly tlsNames: readonly string[];
  /** Absolute path of the model pack's folder; absent for the embedded one. */
  readonly modelFolder?: string;
  readonly workers: number;
  /** Where faiss was chosen: what its indexes are. */
  readonly faiss?: FaissConfig;
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  /** For the bodies of all requests together. */
  readonly bodyMemoryBytes: number;
  /** Absolute. */
  readonly auditDir: string;
  readonly auditMb: number;
  /** Of the loopback address, for metrics alone; absent for none, 0 for a free one. */
  readonly metricsPort?: number;
  readonly logLevel: LogLevel;
}

/**
 * Reads and checks the whole configuration: a flag wins over its environment variable.
 *
 * @throws {ConfigError} naming every problem; secrets are never repeated
 */
export function loadConfig(environment: Environment, flags: Flags = {}): Config {
  const read = new SettingReader(environment, flags);
  const publicUrl = read.url('publicUrl');
  const rootKey = readPair(read, 'accessKeyId', 'accessKeySecret');
  const tlsFiles = readPair(read, 'tlsCert', 'tlsKey');
  const model = read.text('model');
  const masterKey = read.key('masterKey');
  const metricsPort = read.integer('metricsPort');
  const config: Config = {
    host: read.text('host') ?? '',
    port: read.integer('port') ?? 0,
    ...readStorage(read),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    trustedProxies: read.networks('trustedProxies'),
    corsOrigins: read.origins('corsOrigins'),
    operatorAuth: read.choice('operatorAuth') as OperatorAuth,
    fetchHosts: read.fetchHosts('fetchHosts'),
    ...(rootKey === undefined
      ? {}
      : { rootKey: { accessKeyId: rootKey[0], accessKeySecret: rootKey[1] } }),
    ...(masterKey === undefined ? {} : { masterKey }),
    ...(tlsFiles === undefined ? {} : { tlsFiles: { certificate: tlsFiles[0], key: tlsFiles[1] } }),
    tlsNames: read.names('tlsNames'),
    ...(model === undefined ? {} : { modelFolder: resolve(model) }),
    workers: read.integer('workers') ?? availableParallelism(),
    ...readEngine(read),
    ...readCaps(read),
    ...(metricsPort === undefined ? {} : { metricsPort }),
    logLevel: read.choice('logLevel') as LogLevel,
  };
  if (read.problems.length > 0) throw new ConfigError(read.problems);
  return config;
}

/** What faiss's settings say stays unheard where it was not chosen. */
function readEngine(read: SettingReader): Pick<Config, 'faiss'> {
  const description = read.text('faissIndex') ?? '';
  const effort = read.integer('faissEffort');
  return read.choice('vectorEngine') === 'faiss' ? { faiss: { description, effort } } : {};
}

/** What clients may take of the server. Their defaults are in the table. */
function readCaps(
  read: SettingReader,
): Pick<Config, 'maxConnections' | 'maxConnectionsPerAddress' | 'bodyMemoryBytes'> {
  return {
    maxConnections: read.integer('maxConnections') ?? 0,
    maxConnectionsPerAddress: read.integer('maxConnectionsPerAddress') ?? 0,
    bodyMemoryBytes: (read.integer('bodyMemoryMb') ?? 0) * MEBIBYTE,
  };
}

/** What lies on the disk, and how much of it. */
function readStorage(
  read: SettingReader,
): Pick<Config, 'dataDir' | 'reserveBytes' | 'uploadBytes' | 'auditDir' | 'auditMb'> {
  const dataDir = resolve(read.text('dataDir') ?? '');
  return {
    dataDir,
    reserveBytes: (read.integer('minFree') ?? 0) * MEBIBYTE,
    uploadBytes: (read.integer('uploadMb') ?? 0) * MEBIBYTE,
    auditDir: resolve(read.text('auditDir') ?? join(dataDir, 'audit')),
    auditMb: read.integer('auditMb') ?? 0,
  };
}

type PairName = 'accessKeyId' | 'accessKeySecret' | 'tlsCert' | 'tlsKey';

/** Two settings that mean something together only. */
function readPair(
  read: SettingReader,
  first: PairName,
  second: PairName,
): readonly [string, string] | undefined {
  const a = read.text(first);
  const b = read.text(second);
  if (a !== undefined && b !== undefined) return [a, b];
  if (a !== undefined || b !== undefined) {
    const [given, missing] = a === undefined ? [second, first] : [first, second];
    read.problems.push(
      `${SETTINGS[given].environmentVariable} is set without ${SETTINGS[missing].environmentVariable}`,
    );
  }
  return undefined;
}
