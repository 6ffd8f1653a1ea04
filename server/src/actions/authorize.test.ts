import { beforeAll, describe, expect, test } from '@jest/globals';
import { ACTIONS, parseScope, type ActionName, type NeededRole } from '@likeness/shared/api';
import { ApiError } from '@likeness/shared/errors';

import {
  openActionServices,
  PLAIN_CALL,
  type MemoryActionServices,
} from '../../test/support/action-services.ts';
import { MemoryCatalog } from '../../test/support/memory-catalog.ts';
import { Random } from '../../test/support/random-rows.ts';
import type { Rights } from '../auth/rights.ts';
import type { ActionCall } from './action.ts';
import { authorized } from './authorize.ts';

const SEED = 20_261_121;
const PAIRS = 5_000;

/** The plain table: who may call what, action by action. */
const CALLERS: Readonly<Record<ActionName, string>> = {
  SearchImage: 'read write admin root',
  SearchImageByPic: 'read write admin root',
  SearchImageByName: 'read write admin root',
  SearchImageByText: 'read write admin root',
  SearchImageByFilter: 'read write admin root',
  CheckImageExists: 'read write admin root',
  CompareSimilarByImage: 'read write admin root',
  Detail: 'read write admin root',
  DumpMetaList: 'read write admin root',
  IncreaseList: 'read write admin root',
  AuthorizeFileUpload: 'read write admin root',
  ListInstances: 'read write admin root',
  ListImages: 'read write admin root',
  GetPicture: 'read write admin root',
  GetThumbnail: 'read write admin root',
  AddImage: 'write admin root',
  UpdateImage: 'write admin root',
  DeleteImage: 'write admin root',
  DumpMeta: 'write admin root',
  IncreaseInstance: 'write admin root',
  CreateInstance: 'admin root',
  UpdateInstance: 'admin root',
  ClearInstance: 'admin root',
  DeleteInstance: 'admin root',
  GetUsage: 'admin root',
  GetServerInfo: 'admin-of-all root',
  VerifyStorage: 'admin-of-all root',
  CreateAccessKey: 'root',
  ListAccessKeys: 'root',
  UpdateAccessKey: 'root',
  DeleteAccessKey: 'root',
};

/** Each scope, and the instances or libraries of {@link NAMES} that it covers, by hand. */
const SCOPES: Readonly<Record<string, string>> = {
  'instance:*': 'a ab abc shop-1 shop-2 Shop-1',
  'instance:a': 'a',
  'instance:a*': 'a ab abc',
  'instance:ab': 'ab',
  'instance:abcd*': '',
  'instance:shop-*': 'shop-1 shop-2',
  'instance:shop': '',
  'library:*': 'a ab abc shop-1 shop-2 Shop-1',
  'library:a': 'a',
  'library:ab*': 'ab abc',
};
const NAMES = ['a', 'ab', 'abc', 'shop-1', 'shop-2', 'Shop-1'];
const ROLES: readonly NeededRole[] = ['read', 'write', 'admin', 'root'];

let services: MemoryActionServices;

beforeAll(async () => {
  services = await openActionServices(new MemoryCatalog(), () => 0);
});

function callOf(rights: Rights, text: Readonly<Record<string, string>>): ActionCall {
  return {
    ...PLAIN_CALL,
    parameters: { text: new Map(Object.entries(text)), pictures: new Map() },
    caller: { accessKeyId: 'k', rights },
    peer: '192.0.2.1',
  };
}

/** `allowed`, or the code of the refusal; whether a line was written tells nothing of it. */
async function decisionOf(name: ActionName, call: ActionCall): Promise<string> {
  try {
    await authorized(name, async () => ({}))(call, services);
    return 'allowed';
  } catch (error) {
    if (ApiError.is(error)) return error.code;
    throw error;
  }
}

/** The lines that a call adds to the audit log. */
async function linesOf(name: ActionName, rights: Rights, text: Readonly<Record<string, string>>) {
  const before = services.audited.length;
  await decisionOf(name, callOf(rights, text));
  return services.audited.slice(before);
}

function expectedOf(
  { role, scopes }: { readonly role: NeededRole; readonly scopes: readonly string[] },
  action: ActionName,
  named: { readonly parameter: string; readonly name: string | undefined },
): string {
  const isOfAll = ['instance:*', 'library:*'].every((scope) => scopes.includes(scope));
  const callers = CALLERS[action].split(' ');
  if (callers.includes('admin-of-all') && role === 'admin') {
    return isOfAll ? 'allowed' : 'NoPermission';
  }
  if (!callers.includes(role)) return 'NoPermission';
  const isNamed = ACTIONS[action].parameters.some(({ name }) => name === named.parameter);
  if (role === 'root' || named.name === undefined || !isNamed) return 'allowed';
  const facade = named.parameter === 'InstanceName' ? 'instance:' : 'library:';
  const seen = scopes
    .filter((scope) => scope.startsWith(facade))
    .flatMap((scope) => (SCOPES[scope] ?? '').split(' '));
  if (seen.includes(named.name)) return 'allowed';
  return action === 'CreateInstance' ? 'NoPermission' : 'InvalidInstance';
}

describe('rights', () => {
  test(`of ${PAIRS} random keys and requests are as the plain table says (seed ${SEED})`, async () => {
    const random = new Random(SEED);
    const actions = Object.keys(CALLERS) as ActionName[];
    const told: Record<string, number> = {};
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const scopes = Array.from({ length: random.below(4) }, () =>
        random.pick(Object.keys(SCOPES)),
      );
      const role = random.pick(ROLES);
      const action = random.pick(actions);
      const parameter = random.chance(0.7) ? 'InstanceName' : 'LibraryName';
      const name = random.chance(0.1) ? undefined : random.pick(NAMES);
      const rights = { role, scopes: scopes.flatMap((scope) => parseScope(scope) ?? []) };
      const call = callOf(rights, name === undefined ? {} : { [parameter]: name });
      const decision = await decisionOf(action, call);
      const expected = expectedOf({ role, scopes }, action, { parameter, name });
      const asked = { pair, role, scopes, action, parameter, name };
      expect({ ...asked, decision }).toEqual({ ...asked, decision: expected });
      told[decision] = (told[decision] ?? 0) + 1;
    }
    expect(Object.keys(told).toSorted()).toEqual(['InvalidInstance', 'NoPermission', 'allowed']);
  });

  test('are laid down for every action', () => {
    expect(Object.keys(ACTIONS).toSorted()).toEqual(Object.keys(CALLERS).toSorted());
  });
});

describe('the audit log', () => {
  const admin: Rights = { role: 'admin', scopes: [parseScope('instance:a*')!] };

  test('has a line of administration, with what was asked', async () => {
    expect(
      await linesOf('UpdateInstance', admin, { InstanceName: 'a', Qps: '5', Other: 'x' }),
    ).toEqual([
      {
        kind: 'administration',
        action: 'UpdateInstance',
        key: 'k',
        requestId: 'R',
        peer: '192.0.2.1',
        parameters: { InstanceName: 'a', Qps: '5' },
      },
    ]);
  });

  test('has a line of a delete by filter, and of no other', async () => {
    const filter = { InstanceName: 'a', IsDeleteByFilter: 'true', Filter: 'int_attr=1' };
    expect(await linesOf('DeleteImage', admin, filter)).toMatchObject([
      { kind: 'delete-by-filter', parameters: filter },
    ]);
    expect(await linesOf('DeleteImage', admin, { InstanceName: 'a', ProductId: 'p' })).toEqual([]);
    expect(await linesOf('SearchImageByFilter', admin, filter)).toEqual([]);
  });

  test.each<[ActionName, Record<string, string>, string]>([
    ['ListAccessKeys', {}, 'NoPermission'],
    ['Detail', { InstanceName: 'b' }, 'InvalidInstance'],
  ])('has a line of %s denied', async (name, text, code) => {
    expect(await linesOf(name, admin, text)).toMatchObject([
      { kind: 'denied', action: name, code },
    ]);
  });
});
