/** Runs the scenario through one SDK in one way. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { Driver } from './installs.ts';
import { faultOf } from './judgement.ts';
import type { Outcome } from './judgement.ts';
import { expectationOf, toDriverStep } from './scenario.ts';
import type { Step } from './scenario.ts';
import type { Sdk, Way } from './sdks.ts';
import type { Servers } from './servers.ts';

export interface StepResult {
  readonly verdict: 'pass' | 'fail' | 'n/a';
  /** What is wrong, or why the SDK has no such call. */
  readonly detail?: string;
}

export interface RunResult {
  /** As installed. */
  readonly version: string;
  readonly steps: ReadonlyMap<string, StepResult>;
}

/** The first line of a driver. */
interface Greeting {
  /** A name of the vendor's does not resolve in the driver's process. */
  readonly areNamesRefused: boolean;
  readonly version: string;
}

/** The vendor's; a driver that can resolve it is not let go on. */
const FOREIGN_NAME = 'openplatform.aliyuncs.com';
const RUN_TIMEOUT_MS = 5 * 60_000;

export interface ScenarioRun {
  readonly sdk: Sdk;
  readonly way: Way;
  readonly driver: Driver;
  readonly servers: Servers;
  readonly steps: readonly Step[];
  /** Unlike any other run's. */
  readonly instanceName: string;
  /** What makes the driver's process trust the servers' CA and resolve loopback names alone. */
  readonly surroundings: Readonly<Record<string, string>>;
}

/** @throws {Error} where the driver could not be run to its end, or resolves foreign names */
export async function runScenario(run: ScenarioRun): Promise<RunResult> {
  const { servers, steps, instanceName } = run;
  await servers.createInstance(instanceName);
  servers.recorder.clear();
  const [greeting, ...outcomes] = await drive(run, await writeRunFile(run));
  const { version } = greeting as Greeting;
  const results = new Map<string, StepResult>();
  for (const [index, step] of steps.entries()) {
    const outcome = outcomes[index] as Outcome | undefined;
    if (outcome === undefined) throw new Error(`the driver ended before "${step.name}"`);
    results.set(step.name, await judge(step, outcome, run, results));
  }
  return { version, steps: results };
}

async function judge(
  step: Step,
  outcome: Outcome,
  { instanceName, servers, sdk }: ScenarioRun,
  earlier: ReadonlyMap<string, StepResult>,
): Promise<StepResult> {
  if (outcome.absent !== undefined) return { verdict: 'n/a', detail: outcome.absent };
  if (step.needs !== undefined && earlier.get(step.needs)?.verdict === 'n/a') {
    return { verdict: 'n/a', detail: `no ${step.needs}` };
  }
  if (sdk.unanswered?.includes(step.name)) {
    return { verdict: 'n/a', detail: 'no such field in its answers' };
  }
  const expected = expectationOf(step.expect, instanceName);
  const code = expected.code && (sdk.tellCode?.(expected.code) ?? expected.code);
  const detail =
    faultOf(outcome, code === undefined ? expected : { ...expected, code }) ??
    (step.expectOfReplay && faultOf(await servers.recorder.replay(), step.expectOfReplay));
  return detail === undefined ? { verdict: 'pass' } : { verdict: 'fail', detail };
}

async function writeRunFile({
  sdk,
  way,
  driver,
  servers,
  steps,
  instanceName,
}: ScenarioRun): Promise<string> {
  const textFile = join(servers.folder, 'not-a-picture.txt');
  await writeFile(textFile, 'not a picture');
  const { addresses, accessKeyId, accessKeySecret } = servers;
  const { protocol, family, signature, style } = way;
  const ofRun = { instanceName, addresses, protocol, accessKeySecret, textFile };
  const file = join(servers.folder, `${instanceName}.json`);
  const content = {
    package: sdk.name,
    version: sdk.version,
    folder: driver.folder,
    family,
    signature,
    style,
    accessKeyId,
    foreignName: FOREIGN_NAME,
    steps: steps.map((step) => toDriverStep(step, ofRun)),
  };
  await writeFile(file, JSON.stringify(content));
  return file;
}

/** @returns what the driver printed, a line each */
async function drive(
  { driver, surroundings }: ScenarioRun,
  runFile: string,
): Promise<readonly unknown[]> {
  const child = spawn(driver.command, [...driver.args, runFile], {
    cwd: driver.folder,
    env: { ...process.env, ...surroundings, ...driver.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: RUN_TIMEOUT_MS,
  });
  const lines: unknown[] = [];
  const said: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (!line.startsWith('{')) return;
    lines.push(JSON.parse(line));
    if (!(lines[0] as Greeting).areNamesRefused) child.kill('SIGKILL');
  });
  createInterface({ input: child.stderr }).on('line', (line) => said.push(line));
  const [code] = (await once(child, 'close')) as [number | null];
  if ((lines[0] as Greeting | undefined)?.areNamesRefused === false) {
    throw new Error(`the driver resolves ${FOREIGN_NAME}`);
  }
  if (code !== 0) throw new Error(`the driver ended with ${code}: ${said.slice(-15).join('\n')}`);
  return lines;
}
