/** Drives every SDK that is asked for, one after the other, each in every way it has. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

import { inCheckout, install } from './installs.ts';
import type { Driver } from './installs.ts';
import { runScenario } from './scenario-run.ts';
import type { ScenarioRun } from './scenario-run.ts';
import type { Step } from './scenario.ts';
import { SDKS, UNDRIVEN } from './sdks.ts';
import type { Language, Sdk } from './sdks.ts';
import type { Servers } from './servers.ts';
import { surroundingsOf } from './surroundings.ts';
import type { Row } from './table.ts';
import { unavailableBecause, UnavailableError } from './unavailable-error.ts';

export interface ConformanceOptions {
  /** Every one if absent. */
  readonly language?: string;
  /** What this checkout has installed, and nothing else. */
  readonly isCheckoutAlone: boolean;
  /** Where SDKs are installed. */
  readonly cacheFolder: string;
  readonly onRow: (row: Row) => void;
}

const run = promisify(execFile);
/** What must be there before a language is looked at. */
const TOOLS: Readonly<Record<Language, readonly [command: string, ...args: string[]]>> = {
  Node: ['node', '--version'],
  Python: ['python3', '--version'],
  Java: ['javac', '--version'],
  Go: ['go', 'version'],
};
const UNDRIVEN_BECAUSE = 'no driver: it could not be run where this was built';

/** @returns a row for each SDK and way, skipped ones included */
export async function driveSdks(
  servers: Servers,
  steps: readonly Step[],
  options: ConformanceOptions,
): Promise<readonly Row[]> {
  const { language, isCheckoutAlone, onRow } = options;
  const isAskedFor = (sdk: { readonly language: string }) =>
    language === undefined || sdk.language.toLowerCase() === language.toLowerCase();
  const rows: Row[] = [];
  const tell = (row: Row): void => {
    rows.push(row);
    onRow(row);
  };
  const surroundings = new Map<Language, Readonly<Record<string, string>>>();
  for (const sdk of SDKS.filter(isAskedFor)) {
    if (isCheckoutAlone && sdk.inCheckout === undefined) continue;
    for await (const row of driveWays(sdk, { servers, steps, options, surroundings })) tell(row);
  }
  for (const sdk of UNDRIVEN.filter(isAskedFor)) {
    if (isCheckoutAlone) continue;
    tell({ ...sdk, version: 'newest', skipped: await reasonOf(sdk.tool) });
  }
  return rows;
}

interface Drive {
  readonly servers: Servers;
  readonly steps: readonly Step[];
  readonly options: ConformanceOptions;
  /** Those that were made so far. */
  readonly surroundings: Map<Language, Readonly<Record<string, string>>>;
}

async function* driveWays(
  sdk: Sdk,
  { servers, steps, options, surroundings }: Drive,
): AsyncGenerator<Row> {
  const driver = await driverOf(sdk, options);
  if (driver instanceof UnavailableError) {
    yield { ...sdk, skipped: driver.message };
    return;
  }
  const around = surroundings.get(sdk.language) ?? (await surroundingsOf(sdk.language, servers));
  surroundings.set(sdk.language, around);
  if (sdk.ways.length === 0) yield { ...sdk, skipped: UNDRIVEN_BECAUSE };
  for (const way of sdk.ways) {
    const instanceName = `run-${randomBytes(6).toString('hex')}`;
    const ofRun = { sdk, way, driver, servers, steps, instanceName };
    yield await driveWay({ ...ofRun, surroundings: around });
  }
}

/** Names and versions of the tools of the languages asked for, as the tools tell them. */
export async function toolVersions(languages: ReadonlySet<string>): Promise<readonly string[]> {
  const versions = Object.entries(TOOLS)
    .filter(([language]) => languages.has(language))
    .map(async ([language, [command, ...args]]) => {
      const { stdout } = await run(command, args);
      return `${language} ${/\d[\w.]*/u.exec(stdout)?.[0]}`;
    });
  return Promise.all(versions);
}

async function reasonOf(tool: string): Promise<string> {
  try {
    await run(tool, ['--version']);
    return UNDRIVEN_BECAUSE;
  } catch (error) {
    return unavailableBecause(tool, error).message;
  }
}

async function driverOf(
  sdk: Sdk,
  { isCheckoutAlone, cacheFolder }: ConformanceOptions,
): Promise<Driver | UnavailableError> {
  if (sdk.inCheckout === 'alone' || isCheckoutAlone) return inCheckout();
  try {
    return await install(sdk, cacheFolder);
  } catch (error) {
    if (error instanceof UnavailableError) return error;
    throw error;
  }
}

async function driveWay(ofRun: ScenarioRun): Promise<Row> {
  const { sdk, way } = ofRun;
  try {
    return { ...sdk, way, result: await runScenario(ofRun) };
  } catch (error) {
    return { ...sdk, way, broken: String(error) };
  }
}
