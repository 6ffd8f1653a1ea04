/** What a command says, and to whom; tests pass their own. */
export interface Terminal {
  /** The answer: a line on standard output. */
  readonly print: (line: string) => void;
  /** What went wrong, or is going on: a line on standard error. */
  readonly complain: (line: string) => void;
  /** Whether somebody watches standard error, so that a progress bar makes sense. */
  readonly isWatched: boolean;
  /** The command goes on to its end, but the process will exit with code 1. */
  readonly fail: () => void;
}

export const processTerminal: Terminal = {
  print: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
  isWatched: process.stderr.isTTY,
  fail: () => {
    process.exitCode = 1;
  },
};
