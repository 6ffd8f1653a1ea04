import { execFile } from 'node:child_process';

export interface ProgramResult {
  readonly code: number | null;
  /** Standard output, then standard error. */
  readonly output: string;
}

interface ProgramOptions {
  readonly cwd: string;
  /** Beside this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeLimitMs?: number;
}

const TIME_LIMIT_MS = 30_000;

/** Runs a program to its end; its failing is a result too. */
export function runProgram(
  command: string,
  args: readonly string[],
  { cwd, env = {}, timeLimitMs = TIME_LIMIT_MS }: ProgramOptions,
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const options = { cwd, env: { ...process.env, ...env }, timeout: timeLimitMs };
    const child = execFile(command, args, options, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, output: stdout + stderr });
    });
  });
}
