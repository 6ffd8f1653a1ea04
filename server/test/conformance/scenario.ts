/** The one scenario, read from its file, and the run of it that a driver reads. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** What an SDK must answer, in wire names: a body that holds at least this, or a code and its status. */
export interface Expectation {
  readonly body?: object;
  /** How many elements the body's lists have. */
  readonly lengths?: Readonly<Record<string, number>>;
  readonly code?: string;
  readonly status?: number;
}

/** A picture of the sample catalogue, or bytes that are none. */
export type Content = { readonly picture: string } | { readonly text: string };

export interface Step {
  readonly name: string;
  readonly action: string;
  /** The API version, where it is not the SDK's own. */
  readonly version?: string;
  /** Pictures are streams: the SDK's `…Advance` call. */
  readonly isAdvance?: boolean;
  /** A step without which this one says nothing. */
  readonly needs?: string;
  readonly through?: 'a recorder' | 'a server that is 20 minutes ahead';
  readonly accessKeySecret?: string;
  /** So many calls, until one is refused; `Num` tells them apart, for older cores send no nonce. */
  readonly maxCalls?: number;
  /** `{instance}` stands for the run's own. */
  readonly request: Readonly<Record<string, string | number | boolean | Content>>;
  readonly expect: Expectation;
  /** What the same bytes get when they are sent again. */
  readonly expectOfReplay?: Expectation;
}

/** Where a run's servers are, host and port each. */
export interface RunAddresses {
  readonly server: string;
  readonly recorder: string;
  /** Its clock is 20 minutes ahead. */
  readonly ahead: string;
}

/** A step as a driver reads it: nothing left to look up. */
export interface DriverStep {
  readonly name: string;
  readonly action: string;
  readonly version: string;
  readonly isAdvance: boolean;
  /** Host and port. */
  readonly endpoint: string;
  readonly protocol: 'http' | 'https';
  readonly accessKeySecret: string;
  /** Called one after the other, until one is refused. Wire names; a picture is `{ "file": path }`. */
  readonly requests: readonly Readonly<Record<string, unknown>>[];
}

const SDK_VERSION = '2020-12-14';
const STEPS = new URL('scenario.json', import.meta.url);
/** The sample catalogue's. */
export const PICTURES = new URL('../../../examples/catalogue/pictures/', import.meta.url);

export async function readScenario(): Promise<readonly Step[]> {
  const { steps } = JSON.parse(await readFile(STEPS, 'utf8')) as { readonly steps: Step[] };
  return steps;
}

export interface RunOfSteps {
  readonly instanceName: string;
  readonly addresses: RunAddresses;
  readonly protocol: 'http' | 'https';
  readonly accessKeySecret: string;
  /** A file that is no picture. */
  readonly textFile: string;
}

/** @param step of the scenario, with this run's names, addresses and files in it */
export function toDriverStep(step: Step, run: RunOfSteps): DriverStep {
  const { addresses, instanceName } = run;
  const endpoint =
    step.through === undefined
      ? addresses.server
      : step.through === 'a recorder'
        ? addresses.recorder
        : addresses.ahead;
  const request = Object.fromEntries(
    Object.entries(step.request).map(([name, value]) => [
      name,
      typeof value === 'object' ? toFile(value, run) : named(value, instanceName),
    ]),
  );
  return {
    name: step.name,
    action: step.action,
    version: step.version ?? SDK_VERSION,
    isAdvance: step.isAdvance ?? false,
    endpoint,
    // What is recorded must be readable.
    protocol: step.through === 'a recorder' ? 'http' : run.protocol,
    accessKeySecret: step.accessKeySecret ?? run.accessKeySecret,
    requests: repeated(request, step.maxCalls ?? 1),
  };
}

/** The expectation with the run's instance in it. */
export function expectationOf(expectation: Expectation, instanceName: string): Expectation {
  return JSON.parse(named(JSON.stringify(expectation), instanceName)) as Expectation;
}

function repeated(
  request: Readonly<Record<string, unknown>>,
  count: number,
): DriverStep['requests'] {
  if (count === 1) return [request];
  return Array.from({ length: count }, (_, index) => ({ ...request, Num: index + 1 }));
}

function named<T>(value: T, instanceName: string): T {
  return typeof value === 'string' ? (value.replaceAll('{instance}', instanceName) as T) : value;
}

function toFile(content: Content, { textFile }: RunOfSteps): object {
  if ('text' in content) return { file: textFile };
  return { file: fileURLToPath(new URL(content.picture, PICTURES)) };
}
