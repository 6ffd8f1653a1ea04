import { Option, type Command } from 'commander';

import { ConfigError } from '../config/config-error.ts';
import { loadConfig } from '../config/config.ts';
import type { Flags } from '../config/setting-reader.ts';
import { SETTINGS, type Setting } from '../config/settings.ts';
import { OPERATOR_PREFIX } from '../http/operators/operator-paths.ts';
import type { RunningServer } from '../start-server.ts';
import { processTerminal, type Terminal } from './terminal.ts';

/** `likeness serve`. */
export function registerServe(program: Command, terminal: Terminal = processTerminal): void {
  addSettingOptions(program.command('serve').description('start the server')).action(
    async (flags: Flags) => {
      try {
        await serve(flags, terminal);
      } catch (error) {
        terminal.complain(describeStartFailure(error));
        terminal.fail();
      }
    },
  );
}

/** An option for every setting, its help from the same table. */
export function addSettingOptions(command: Command): Command {
  for (const setting of Object.values<Setting>(SETTINGS)) {
    const { flag, placeholder, description, environmentVariable, fallback } = setting;
    const standard = fallback === undefined ? '' : `, default ${fallback}`;
    const help = `${description} (${environmentVariable}${standard})`;
    command.addOption(new Option(`--${flag} <${placeholder}>`, help));
  }
  return command;
}

/** One clear line for what an operator can put right; a stack for what is our fault. */
export function describeStartFailure(error: unknown): string {
  const { code, message, stack } = error as NodeJS.ErrnoException;
  if (error instanceof ConfigError) return error.message;
  if (code === 'EADDRINUSE') return `${message}: another program listens there already`;
  return code === undefined ? (stack ?? String(error)) : message;
}

async function serve(flags: Flags, terminal: Terminal): Promise<void> {
  // Whoever read what is said may have gone, or its disk be full: that ends no server.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const config = loadConfig(process.env, flags);
  // Here, so that client commands do not wait for a server's modules.
  const { startServer } = await import('../start-server.ts');
  const server = await startServer({ config });
  process.on('SIGHUP', () => void server.reloadTls());
  // Before it says that it listens: whoever waits for that may end it at once.
  const stopped = nextSignal();
  if (server.rootKey.isNew) showRootKey(server, terminal);
  terminal.print(`listening on ${server.url}`);
  if (server.consoleUrl !== undefined) terminal.print(`console at ${server.consoleUrl}`);
  terminal.print(describeOperatorApi(server));
  if (config.publicUrl !== undefined) terminal.print(`clients reach it at ${config.publicUrl}`);
  const signal = await stopped;
  terminal.complain(`${signal}: finishing what is in flight`);
  // Whoever asks twice does not want to wait.
  void nextSignal().then(() => process.exit(1));
  await server.close();
  process.exit(0);
}

/** How the operator API is reached, and who needs a key for it. */
function describeOperatorApi({ url, operatorKeyRequirement: reason }: RunningServer): string {
  const who =
    reason === undefined
      ? 'programs on this machine need no key'
      : `everybody needs a key, because ${reason}`;
  return `operator API at ${url}${OPERATOR_PREFIX}: ${who}; ${url}/docs tells how`;
}

function showRootKey({ rootKey }: RunningServer, terminal: Terminal): void {
  terminal.print('A root key was made. Its secret is shown this once:');
  terminal.print(`  LIKENESS_ACCESS_KEY_ID=${rootKey.accessKeyId}`);
  terminal.print(`  LIKENESS_ACCESS_KEY_SECRET=${rootKey.accessKeySecret}`);
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const signals = ['SIGTERM', 'SIGINT'] as const;
    const hear = (signal: NodeJS.Signals): void => {
      for (const each of signals) process.off(each, hear);
      resolve(signal);
    };
    for (const each of signals) process.on(each, hear);
  });
}
