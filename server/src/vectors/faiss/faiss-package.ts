/** faiss-node: never a dependency, looked for where the user chose it as the engine. */
import { createRequire } from 'node:module';

const PACKAGE = 'faiss-node';

const ADVICE =
  `The vector engine faiss needs the package ${PACKAGE}, which is not installed. ` +
  `Run, in the folder that Likeness is installed in: npm install --no-save ${PACKAGE}`;

/** The engine cannot be used as it was asked for; the message says why. */
export class FaissError extends Error {
  override readonly name = 'FaissError';
  readonly code = 'UnusableEngine';
}

/**
 * The package's main file. Nothing is loaded: that is for a process that may die of it.
 *
 * @param from a file, or the URL of one, whose folder or one above has it in `node_modules`
 * @throws {FaissError} that says what to install
 */
export function findFaiss(from: string | URL = import.meta.url): string {
  try {
    return createRequire(from).resolve(PACKAGE);
  } catch (cause) {
    throw new FaissError(ADVICE, { cause });
  }
}
