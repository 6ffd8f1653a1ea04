import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { inCheckout } from '../conformance/installs.ts';
import { faultOf } from '../conformance/judgement.ts';
import { runScenario } from '../conformance/scenario-run.ts';
import type { RunResult } from '../conformance/scenario-run.ts';
import { readScenario } from '../conformance/scenario.ts';
import { SDKS } from '../conformance/sdks.ts';
import { startServers } from '../conformance/servers.ts';
import type { Servers } from '../conformance/servers.ts';
import { surroundingsOf } from '../conformance/surroundings.ts';

const RUNS = SDKS.filter(({ inCheckout: where }) => where !== undefined)
  .flatMap((sdk) => sdk.ways.map((way) => ({ sdk, way })))
  .map((run, index) => {
    const { name } = run.sdk;
    return [`${name}, ${run.way.signature} over ${run.way.protocol}`, run, `run${index}`] as const;
  });
const SDK = '@alicloud/imagesearch20201214, ACS3 over https';
const RUN_TIMEOUT_MS = 180_000;

let servers: Servers;
beforeAll(async () => {
  servers = await startServers();
}, RUN_TIMEOUT_MS);
afterAll(() => servers?.stop());

async function runOf([, { sdk, way }, instanceName]: (typeof RUNS)[number]): Promise<RunResult> {
  const surroundings = await surroundingsOf(sdk.language, servers);
  const steps = await readScenario();
  return runScenario({
    sdk,
    way,
    driver: inCheckout(),
    servers,
    steps,
    instanceName,
    surroundings,
  });
}

/** The steps that came out so. */
function named({ steps }: RunResult, verdict: 'pass' | 'fail' | 'n/a'): readonly string[] {
  const found = [...steps].filter(([, step]) => step.verdict === verdict);
  return found.map(([name, { detail }]) => (verdict === 'fail' ? `${name}: ${detail}` : name));
}

describe('the scenario of the conformance table, through', () => {
  test.each(RUNS)(
    '%s',
    async (...run) => {
      const result = await runOf(run);
      expect(named(result, 'fail')).toEqual([]);
      expect(result.steps.size).toBe((await readScenario()).length);
      // What these SDKs cannot say is known; more would be a driver that stopped driving.
      if (run[0] === SDK) expect(named(result, 'n/a')).toEqual(['create an instance']);
      if (run[1].sdk.name === '@likeness/sdk') expect(named(result, 'n/a')).toEqual([]);
    },
    RUN_TIMEOUT_MS,
  );
});

test('a driver in which names of the vendor resolve is stopped', async () => {
  const [, { sdk, way }] = RUNS[0]!;
  const greeting = JSON.stringify({ areNamesRefused: false, version: '0' });
  const program = `console.log('${greeting}'); setInterval(() => {}, 1000)`;
  const driver = { ...inCheckout(), args: ['-e', program] };
  const run = { sdk, way, driver, servers, steps: [], instanceName: 'open', surroundings: {} };
  await expect(runScenario(run)).rejects.toThrow('the driver resolves');
});

describe('an answer that is not what the scenario expects is told:', () => {
  const found = { body: { Auctions: [{ ProductId: 'p1' }], Head: { DocsFound: 1 } } };
  test.each([
    ['another value', found, { body: { Head: { DocsFound: 2 } } }, 'body.head.docsFound is 1'],
    ['an element too few', found, { lengths: { Auctions: 2 } }, 'auctions has 1 elements, not 2'],
    ['a field that is not there', { body: {} }, { body: { Head: { DocsFound: 1 } } }, 'body.head'],
    ['no refusal', found, { code: 'InvalidInstance', status: 400 }, 'answered instead of'],
    [
      'another code',
      { error: { code: 'BadRequest', status: 400, message: 'm' } },
      { code: 'InvalidInstance', status: 400 },
      'BadRequest 400',
    ],
    [
      'another status',
      { error: { code: 'DeniedRequest', status: 400, message: 'm' } },
      { code: 'DeniedRequest', status: 403 },
      'DeniedRequest 400',
    ],
    ['a refusal', { error: { code: 'BadRequest', message: 'm' } }, { body: {} }, 'BadRequest: m'],
  ] as const)('%s', (_what, outcome, expectation, said) => {
    expect(faultOf(outcome, expectation)).toContain(said);
  });
});
