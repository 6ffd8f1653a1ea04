import { execFile } from 'node:child_process';

export interface ProgramResult {
  readonly code: number | null;
  /** Both outputs; one is enough to see what happened. */
  readonly output: string;
}

const TIME_LIMIT_MS = 30_000;

/** Runs a program to its end; its failing is a result too. */
export function runProgram(
  command: string,
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const options = { cwd, env: { ...process.env, ...env }, timeout: TIME_LIMIT_MS };
    const child = execFile(command, args, options, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, output: stdout + stderr });
    });
  });
}
