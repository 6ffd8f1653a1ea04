import { Command } from 'commander';

import type { Terminal } from '../../src/cli/terminal.ts';

/** Runs one command as the launcher would, and tells, line by line, what it said. */
export async function runCommand(
  commands: readonly ((program: Command, terminal: Terminal) => void)[],
  args: readonly string[],
): Promise<{
  readonly printed: readonly string[];
  readonly complaints: readonly string[];
  readonly failed: boolean;
}> {
  const printed: string[] = [];
  const complaints: string[] = [];
  let failed = false;
  const terminal: Terminal = {
    print: (line) => void printed.push(line),
    complain: (line) => void complaints.push(line),
    isWatched: false,
    fail: () => {
      failed = true;
    },
  };
  const program = new Command();
  for (const register of commands) register(program, terminal);
  await program.parseAsync([...args], { from: 'user' });
  return { printed, complaints, failed };
}
