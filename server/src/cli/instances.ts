import { ApiError } from '@likeness/sdk';
import type { ImageSearchClient, InstanceInfo } from '@likeness/sdk';
import { SERVICE_TYPES } from '@likeness/shared/api';
import type { Command } from 'commander';

import { addConnectionOptions, connect } from './connection-options.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { reporting } from './failures.ts';
import { given } from './given.ts';
import { addRateOptions, ratesOf, tellRates } from './rate-options.ts';
import type { RateOptions } from './rate-options.ts';
import { formatSheet, formatTable } from './table.ts';
import { processTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';

interface Settings extends RateOptions {
  readonly autoOrient?: boolean;
  readonly keepPictures?: boolean;
}

/** What a command asks the server, and how the answer reads. */
type Ask<Answer> = (client: ImageSearchClient) => Promise<Answer>;
type Show<Answer> = (answer: Answer) => string;

/** `likeness instances create | list | show | update | clear | delete`. */
export function registerInstances(program: Command, terminal: Terminal = processTerminal): void {
  const instances = program.command('instances').description('create and manage instances');
  const add = (nameAndArguments: string, description: string) =>
    addConnectionOptions(instances.command(nameAndArguments).description(description));
  const run = <Answer>(options: ConnectionOptions, ask: Ask<Answer>, show: Show<Answer>) =>
    reporting(terminal, async () => {
      const answer = await ask(await connect(options));
      terminal.print(options.json ? JSON.stringify(answer, null, 2) : show(answer));
    })();

  addSettings(add('create <name>', 'create an instance'))
    .requiredOption('--service-type <type>', SERVICE_TYPES.map(({ name }) => name).join(', '))
    .action((name: string, options: ConnectionOptions & Settings & { serviceType: string }) =>
      run(
        options,
        (client) =>
          client.createInstance({
            instanceName: name,
            serviceType: options.serviceType,
            ...settingsOf(options),
          }),
        ({ instance }) => `created ${instance.instanceName} (${instance.serviceTypeName})`,
      ),
    );

  add('list', 'list all instances').action((options: ConnectionOptions) =>
    run(
      options,
      (client) => client.listInstances(),
      (answer) => instanceTable(answer.instances),
    ),
  );

  add('show <name>', 'show one instance').action((name: string, options: ConnectionOptions) =>
    run(options, (client) => findInstance(client, name), instanceSheet),
  );

  addSettings(add('update <name>', 'change settings of an instance')).action(
    (name: string, options: ConnectionOptions & Settings) =>
      run(
        options,
        (client) => client.updateInstance({ instanceName: name, ...settingsOf(options) }),
        ({ instance }) => instanceSheet(instance),
      ),
  );

  add('clear <name>', 'remove all pictures of an instance').action(
    (name: string, options: ConnectionOptions) =>
      run(
        options,
        (client) => client.clearInstance({ instanceName: name }),
        ({ data }) => `removed ${data.removed} pictures from ${name}`,
      ),
  );

  add('delete <name>', 'remove an instance with all its pictures').action(
    (name: string, options: ConnectionOptions) =>
      run(
        options,
        (client) => client.deleteInstance({ instanceName: name }),
        ({ data }) => `deleted ${name} with ${data.removed} pictures`,
      ),
  );
}

function addSettings(command: Command): Command {
  return addRateOptions(command)
    .option('--auto-orient', 'turn pictures as their EXIF says')
    .option('--no-auto-orient', 'refuse pictures that EXIF says to turn')
    .option('--keep-pictures', 'keep the pictures beside their vectors')
    .option('--no-keep-pictures', 'keep the vectors only');
}

/** Only what was said: the server has its own defaults. */
function settingsOf(settings: Settings): Settings {
  const { autoOrient, keepPictures } = settings;
  return { ...ratesOf(settings), ...given({ autoOrient, keepPictures }) };
}

async function findInstance(client: ImageSearchClient, name: string): Promise<InstanceInfo> {
  const { instances, requestId } = await client.listInstances();
  const instance = instances.find(({ instanceName }) => instanceName === name);
  if (instance === undefined) throw new ApiError('InvalidInstance', { requestId });
  return instance;
}

function instanceTable(instances: readonly InstanceInfo[]): string {
  const rows = instances.map((each) => {
    const { instanceName, serviceTypeName, status, imageCount, capacity } = each;
    return [instanceName, serviceTypeName, status, imageCount, capacity];
  });
  return formatTable(['name', 'service type', 'status', 'pictures', 'capacity'], rows);
}

function instanceSheet(instance: InstanceInfo): string {
  const { instanceName, serviceTypeName, status, imageCount, capacity, unembeddedCount } = instance;
  return formatSheet({
    name: instanceName,
    'service type': serviceTypeName,
    status,
    pictures: `${imageCount} of ${capacity}`,
    ...(unembeddedCount > 0 && { 'not found by searches': String(unembeddedCount) }),
    stored: `${(instance.storedBytes / 1024 ** 2).toFixed(1)} MiB`,
    ...tellRates(instance),
    'EXIF orientation': instance.autoOrient ? 'applied' : 'refused',
    'pictures are': instance.keepPictures ? 'kept' : 'not kept',
    created: new Date(Number(instance.utcCreate)).toISOString(),
  });
}
