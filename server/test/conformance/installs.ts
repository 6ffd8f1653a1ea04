/** Puts an SDK into a folder of its own, by its registry's ordinary client, and tells how its driver is started there. */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { Language, Sdk } from './sdks.ts';
import { unavailableBecause } from './unavailable-error.ts';

/** What starts a driver; the run's file is the last argument. */
export interface Driver {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Where the SDK is. */
  readonly folder: string;
}

const DRIVERS = fileURLToPath(new URL('drivers/', import.meta.url));
const CHECKOUT = fileURLToPath(new URL('../../..', import.meta.url));
const INSTALL_TIMEOUT_MS = 10 * 60_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
const NODE_DRIVER = {
  command: process.execPath,
  args: [join(DRIVERS, 'node/driver.mjs')],
  env: {},
};

const run = promisify(execFile);

/** @returns the driver of an SDK that the checkout itself has installed */
export function inCheckout(): Driver {
  return { ...NODE_DRIVER, folder: CHECKOUT };
}

/**
 * @param cacheFolder what is installed stays there, and is not asked for again
 * @throws {UnavailableError} where the language's tool is missing or its registry does not have it
 */
export async function install(sdk: Sdk, cacheFolder: string): Promise<Driver> {
  const languageFolder = join(cacheFolder, sdk.language.toLowerCase());
  const folder = join(languageFolder, sdk.install.join('+').replaceAll(/[^\w.+@-]+/gu, '_'));
  await mkdir(folder, { recursive: true });
  return INSTALLERS[sdk.language](sdk, folder, languageFolder);
}

type Installer = (sdk: Sdk, folder: string, languageFolder: string) => Promise<Driver>;

const INSTALLERS: Readonly<Record<Language, Installer>> = {
  Node: installNode,
  Python: installPython,
  Java: installJava,
  Go: installGo,
};

async function installNode(sdk: Sdk, folder: string): Promise<Driver> {
  if (await isEmpty(folder)) {
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder];
    await ask('npm', ['install', ...options, ...sdk.install], folder);
  }
  return { ...NODE_DRIVER, folder };
}

async function installPython(sdk: Sdk, folder: string): Promise<Driver> {
  if (await isEmpty(folder)) {
    await ask(
      'python3',
      ['-m', 'pip', 'install', '--quiet', '--target', folder, ...sdk.install],
      folder,
    );
  }
  const env = { PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' };
  return { command: 'python3', args: ['-s', join(DRIVERS, 'python/driver.py')], env, folder };
}

const JAVA_CLIENTS: Readonly<Record<string, string>> = {
  generated: 'GeneratedClient.java',
  core: 'CoreClient.java',
  legacy: 'LegacyClient.java',
};

async function installJava(sdk: Sdk, folder: string, languageFolder: string): Promise<Driver> {
  const classPathFile = join(folder, 'classpath.txt');
  if (await isEmpty(folder)) {
    await writeFile(join(folder, 'pom.xml'), pomOf(sdk.install));
    const repository = `-Dmaven.repo.local=${join(languageFolder, 'repository')}`;
    const goal = ['dependency:build-classpath', `-Dmdep.outputFile=${classPathFile}`];
    await ask('mvn', ['-q', '-B', repository, ...goal], folder);
  }
  const classPath = [folder, (await readFile(classPathFile, 'utf8')).trim()].join(delimiter);
  const sources = ['Driver.java', ...familiesOf(sdk).map((family) => JAVA_CLIENTS[family] ?? '')];
  const files = sources.map((name) => join(DRIVERS, 'java', name));
  await call('javac', ['-nowarn', '-d', folder, '-cp', classPath, ...files], folder);
  return { command: 'java', args: ['-cp', classPath, 'Driver'], env: {}, folder };
}

function pomOf(specs: readonly string[]): string {
  const dependencies = specs.map((spec) => {
    const [groupId, artifactId, version] = spec.split(':');
    return `<dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version></dependency>`;
  });
  const own =
    '<groupId>likeness.test</groupId><artifactId>conformance</artifactId><version>1</version>';
  return `<project><modelVersion>4.0.0</modelVersion>${own}<dependencies>${dependencies.join('')}</dependencies></project>`;
}

const GO_SOURCES: Readonly<Record<string, readonly string[]>> = {
  core22: ['core.go', 'core22.go'],
  core20: ['core.go', 'core20.go'],
  core01: ['core01.go'],
  legacy: ['legacy.go'],
};

async function installGo(sdk: Sdk, folder: string): Promise<Driver> {
  if (await isEmpty(folder)) {
    await writeFile(join(folder, 'go.mod'), 'module likeness.test/conformance\n\ngo 1.21\n');
    for (const spec of sdk.install) await ask('go', ['get', spec], folder);
  }
  const sources = ['driver.go', ...familiesOf(sdk).flatMap((family) => GO_SOURCES[family] ?? [])];
  for (const name of sources) await copyFile(join(DRIVERS, 'go', name), join(folder, name));
  await ask('go', ['mod', 'tidy'], folder);
  await call('go', ['build', '-o', 'driver', '.'], folder);
  return { command: join(folder, 'driver'), args: [], env: {}, folder };
}

function familiesOf({ ways }: Sdk): readonly string[] {
  return [...new Set(ways.map(({ family }) => family))];
}

async function isEmpty(folder: string): Promise<boolean> {
  return (await readdir(folder)).length === 0;
}

/** Asks a registry; what it does not give leaves no half of an installation behind. */
async function ask(command: string, args: readonly string[], folder: string): Promise<void> {
  try {
    await call(command, args, folder);
  } catch (error) {
    await rm(folder, { recursive: true });
    throw unavailableBecause(command, error);
  }
}

async function call(command: string, args: readonly string[], cwd: string): Promise<void> {
  await run(command, args, { cwd, timeout: INSTALL_TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES });
}
