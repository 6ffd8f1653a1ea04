/** Drives every SDK that is asked for, one after the other, each in every way it has. */
import { execFile } from 'node:child_process';
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
  const isAskedFor = (name: string) =>
    language === undefined || name.toLowerCase() === language.toLowerCase();
  const surroundings = new Map<Language, Readonly<Record<string, string>>>();
  const rows: Row[] = [];
  const tell = (row: Row): void => {
    rows.push(row);
    onRow(row);
  };
  for (const sdk of SDKS) {
    if (!isAskedFor(sdk.language) || (isCheckoutAlone && sdk.inCheckout === undefined)) continue;
    const driver = await driverOf(sdk, options);
    if (driver instanceof UnavailableError) {
      tell({ ...sdk, skipped: driver.message });
      continue;
    }
    const around = surroundings.get(sdk.language) ?? (await surroundingsOf(sdk.language, servers));
    surroundings.set(sdk.language, around);
    if (sdk.ways.length === 0) tell({ ...sdk, skipped: UNDRIVEN_BECAUSE });
    for (const way of sdk.ways) {
      tell(await driveWay({ sdk, way, driver, servers, steps, surroundings: around }));
    }
  }
  for (const sdk of UNDRIVEN) {
    if (!isCheckoutAlone && isAskedFor(sdk.language)) {
      tell({ ...sdk, version: 'newest', skipped: await reasonOf(sdk.tool) });
    }
  }
  return rows;
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

let runCount = 0;

async function driveWay(ofRun: Omit<ScenarioRun, 'instanceName'>): Promise<Row> {
  runCount += 1;
  const { sdk, way } = ofRun;
  try {
    const result = await runScenario({ ...ofRun, instanceName: `run-${runCount}` });
    return { ...sdk, way, result };
  } catch (error) {
    return { ...sdk, way, broken: String(error) };
  }
}
