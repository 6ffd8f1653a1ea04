import type { AccessKeyInfo, ImageSearchClient, Role } from '@likeness/sdk';
import { ROLES } from '@likeness/shared/api';
import { Option, type Command } from 'commander';

import { addConnectionOptions, connect } from './connection-options.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { reporting } from './failures.ts';
import { given } from './given.ts';
import { registerMasterKey } from './master-key.ts';
import { parseExpiry, parseWhole } from './option-values.ts';
import { formatSheet, formatTable } from './table.ts';
import { processTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';

interface Settings {
  readonly name?: string;
  readonly role?: Role;
  readonly scope?: readonly string[];
  readonly rate?: number;
  readonly expires?: number;
  readonly enable?: boolean;
}

/** What a command asks the server, and how the answer reads. */
type Ask<Answer> = (client: ImageSearchClient) => Promise<Answer>;
type Show<Answer> = (answer: Answer) => string;

/** `likeness keys create | list | update | delete`, and what is done beside a server that stands still. */
export function registerKeys(program: Command, terminal: Terminal = processTerminal): void {
  const keys = program.command('keys').description('access keys: who may do what');
  const add = (nameAndArguments: string, description: string) =>
    addConnectionOptions(keys.command(nameAndArguments).description(description));
  const run = <Answer>(options: ConnectionOptions, ask: Ask<Answer>, show: Show<Answer>) =>
    reporting(terminal, async () => {
      const answer = await ask(await connect(options));
      terminal.print(options.json ? JSON.stringify(answer, null, 2) : show(answer));
    })();

  addSettings(add('create', 'make a key; its secret is shown this once'), true).action(
    (options: ConnectionOptions & Settings & { role: Role; scope: readonly string[] }) =>
      run(
        options,
        (client) =>
          client.createAccessKey({
            role: options.role,
            scopes: options.scope,
            ...settingsOf(options),
          }),
        ({ accessKey }) =>
          [
            'A key was made. Its secret is shown this once:',
            `  LIKENESS_ACCESS_KEY_ID=${accessKey.accessKeyId}`,
            `  LIKENESS_ACCESS_KEY_SECRET=${accessKey.accessKeySecret}`,
          ].join('\n'),
      ),
  );

  add('list', 'list all keys but the root key').action((options: ConnectionOptions) =>
    run(
      options,
      (client) => client.listAccessKeys(),
      ({ accessKeys }) => keyTable(accessKeys),
    ),
  );

  addSettings(add('update <id>', 'change what a key may, from its next request on'), false)
    .option('--enable', 'let it in again')
    .option('--no-enable', 'refuse what it signs')
    .action((id: string, options: ConnectionOptions & Settings) =>
      run(
        options,
        (client) => client.updateAccessKey({ userAccessKeyId: id, ...settingsOf(options) }),
        ({ accessKey }) => keySheet(accessKey),
      ),
    );

  add('delete <id>', 'remove a key').action((id: string, options: ConnectionOptions) =>
    run(
      options,
      (client) => client.deleteAccessKey({ userAccessKeyId: id }),
      () => `deleted ${id}`,
    ),
  );

  registerMasterKey(keys, terminal);
}

/** @param isNew a new key has a role and scopes, whatever else is left out */
function addSettings(command: Command, isNew: boolean): Command {
  const role = new Option('--role <role>', 'what it may do').choices([...ROLES]);
  const scope = new Option(
    '--scope <scope...>',
    'what it may touch: instance:shoes, instance:shop-*, library:*',
  );
  return command
    .addOption(role.makeOptionMandatory(isNew))
    .addOption(scope.makeOptionMandatory(isNew))
    .option('--name <text>', 'what people call it')
    .option('--rate <number>', 'requests a second; 0 is unlimited', parseWhole)
    .option(
      '--expires <time>',
      'a date such as 2027-01-31, a number of days such as 90d, or never',
      parseExpiry,
    );
}

/** Only what was said: the server has its own defaults. */
function settingsOf({ name, role, scope, rate, expires, enable }: Settings) {
  return given({
    name,
    role,
    scopes: scope,
    rate,
    utcExpireTime: expires,
    enabled: enable,
  });
}

function keyTable(keys: readonly AccessKeyInfo[]): string {
  const rows = keys.map((key) => [
    key.accessKeyId,
    key.name,
    key.role,
    key.scopes.join('\n'),
    key.status,
    formatTime(key.utcExpireTime),
    formatTime(key.utcLastUsed),
  ]);
  return formatTable(['id', 'name', 'role', 'scopes', 'status', 'expires', 'last used'], rows);
}

function keySheet(key: AccessKeyInfo): string {
  return formatSheet({
    id: key.accessKeyId,
    name: key.name,
    role: key.role,
    scopes: key.scopes.join('\n'),
    'requests a second': key.rate === 0 ? 'unlimited' : String(key.rate),
    status: key.status,
    created: formatTime(key.utcCreate),
    expires: formatTime(key.utcExpireTime),
    'last used': formatTime(key.utcLastUsed),
  });
}

function formatTime(utc: string): string {
  return utc === '' ? 'never' : new Date(Number(utc)).toISOString();
}
