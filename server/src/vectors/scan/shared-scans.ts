import type { ScanJob, ScanPart, SearchJob, SearchPart } from './scan-job.ts';

/** Searches of one pass: each keeps its candidates in every worker. */
const MAX_SHARED = 16;

interface Waiting {
  readonly job: SearchJob;
  readonly resolve: (parts: readonly SearchPart[]) => void;
  readonly reject: (reason: unknown) => void;
}

/** The searches that compare all rows of one scope: while one pass is under way, the others wait for the next, and share it. */
export class SharedScans {
  readonly #waiting = new Map<string, Waiting[]>();

  /**
   * What the workers find for a job. One that has waited may be answered for rows as they are when
   * its pass begins.
   *
   * @param scope equal for jobs about the same rows
   * @param groupCodes one more than the largest code of a group as of now
   */
  async search(
    scope: string,
    job: SearchJob,
    by: {
      readonly ask: (job: ScanJob) => Promise<readonly ScanPart[]>;
      readonly groupCodes: () => number;
    },
  ): Promise<readonly SearchPart[]> {
    const waiting = this.#waiting.get(scope);
    if (waiting !== undefined)
      return new Promise((resolve, reject) => waiting.push({ job, resolve, reject }));
    const queue: Waiting[] = [];
    this.#waiting.set(scope, queue);
    try {
      return searchParts(await by.ask(job));
    } finally {
      void this.#shareNext(scope, queue, by);
    }
  }

  async #shareNext(
    scope: string,
    queue: Waiting[],
    by: Parameters<SharedScans['search']>[2],
  ): Promise<void> {
    while (queue.length > 0) {
      const together = queue.splice(0, MAX_SHARED);
      try {
        const answers = await shareOne(together, by);
        for (const [i, { resolve }] of together.entries()) resolve(answers[i] ?? []);
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    }
    this.#waiting.delete(scope);
  }
}

/** By search, what each worker found. */
async function shareOne(
  together: readonly Waiting[],
  { ask, groupCodes }: Parameters<SharedScans['search']>[2],
): Promise<readonly (readonly SearchPart[])[]> {
  // The last to come has seen the rows last.
  const rows = together.at(-1)?.job.rows;
  if (rows === undefined) return [];
  const codes = groupCodes();
  const searches = together.map(({ job }) =>
    job.groupCodes === 0 ? job : { ...job, groupCodes: codes },
  );
  const found = await ask({ kind: 'shared', rows, searches });
  return together.map((_, i) =>
    found.flatMap((part) => (part.kind === 'shared' ? (part.parts[i] ?? []) : [])),
  );
}

/** Of what the workers answered, what they found. */
export function searchParts(parts: readonly ScanPart[]): readonly SearchPart[] {
  return parts.filter((part) => part.kind === 'search');
}
