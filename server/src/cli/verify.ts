import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { FoundDamage } from '@likeness/sdk';
import type { Command } from 'commander';

import type { Damage } from '../store/damage.ts';
import { addConnectionOptions, connect, type ConnectionOptions } from './connection-options.ts';
import { reporting, UsageError } from './failures.ts';
import { processTerminal, type Terminal } from './terminal.ts';

/** Between two questions whether a running server has read everything. */
const POLL_MS = 1_000;

interface VerifyOptions extends ConnectionOptions {
  readonly repair?: true;
}

/** What is printed, wherever it was found. */
interface Findings {
  readonly damage: readonly FoundDamage[];
  /** What was done about it. */
  readonly done: readonly string[];
}

/** `likeness verify`: of a data folder that no server uses, or by the server that uses it. */
export function registerVerify(program: Command, terminal: Terminal = processTerminal): void {
  const description =
    'read everything that is stored and name what is damaged; exit code 1 when something is';
  addConnectionOptions(program.command('verify').description(description))
    .option(
      '--repair',
      'make anew what is derived, set aside what is not; the server must be stopped',
    )
    .action((options: VerifyOptions) =>
      reporting(terminal, async () => {
        const findings = await verify(options, terminal);
        const { damage } = findings;
        if (options.json) terminal.print(JSON.stringify(findings, null, 2));
        else for (const line of describe(findings)) terminal.print(line);
        if (damage.some(({ isMended, kind }) => !isMended || kind === 'store')) terminal.fail();
      })(),
    );
}

async function verify(options: VerifyOptions, terminal: Terminal): Promise<Findings> {
  try {
    return await verifyHere(options);
  } catch (error) {
    const { code, message } = error as { readonly code?: unknown; readonly message: string };
    if (code === 'DataFolder') throw new UsageError(message);
    if (code !== 'StoreLocked') throw error;
    if (options.repair) throw new UsageError(`${message}. Stop the server to repair.`);
    terminal.complain('a server uses the folder: it reads everything itself');
    return verifyThere(options);
  }
}

async function verifyHere({ dataDir, repair }: VerifyOptions): Promise<Findings> {
  // Here, so that other commands do not wait for a server's modules.
  const { verifyFolder } = await import('../catalog/verify-folder.ts');
  const { nodeDisk: disk } = await import('../disk/disk.ts');
  const { examineIdentity, setIdentityAside } = await import('../examine-identity.ts');
  const { foldersIn } = await import('../store/data-folder.ts');
  const damagedFolder = foldersIn(dataDir).damaged;
  const { remaining, done } = await verifyFolder(dataDir, {
    disk,
    now: Date.now,
    createName: randomUUID,
    isRepairing: repair ?? false,
    examineOthers: () => examineIdentity(dataDir, disk),
    repairOther: ({ name }) => setIdentityAside(dataDir, name, { damagedFolder, disk }),
  });
  return { damage: remaining.map(showDamage), done };
}

function showDamage({ kind, name, detail, isMended, copiedTo }: Damage): FoundDamage {
  const shown = { kind, name, detail, isMended: isMended === true };
  return copiedTo === undefined ? shown : { ...shown, copiedTo };
}

async function verifyThere(options: VerifyOptions): Promise<Findings> {
  const client = await connect(options);
  let { verification } = await client.verifyStorage({ start: true });
  while (verification.status === 'running') {
    await sleep(POLL_MS);
    ({ verification } = await client.verifyStorage({}));
  }
  if (verification.status !== 'done') {
    throw new UsageError('the server could not read everything: its log says why');
  }
  return { damage: verification.damage, done: [] };
}

function describe({ damage, done }: Findings): readonly string[] {
  const lines = damage.map(({ kind, name, detail, isMended, copiedTo }) => {
    const copy = copiedTo === undefined ? '' : ` (kept in ${copiedTo})`;
    return `${isMended ? 'mended ' : 'damaged'} ${kind} ${name}: ${detail}${copy}`;
  });
  const isSound = damage.every(({ isMended }) => isMended);
  return [
    ...done.map((sentence) => `done    ${sentence}`),
    ...lines,
    isSound ? 'Everything that is stored is what was written.' : `${damage.length} damaged.`,
  ];
}
