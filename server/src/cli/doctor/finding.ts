/** How a check ended: `warning` for what works, but not well. */
export type Verdict = 'ok' | 'warning' | 'failed';

/** What one check found, and what to do about it. */
export interface Finding {
  readonly check: string;
  readonly verdict: Verdict;
  /** In a few words, with figures. */
  readonly detail: string;
  /** A sentence or two; empty where nothing is to be done. */
  readonly advice: string;
}

export function fine(check: string, detail: string): Finding {
  return { check, verdict: 'ok', detail, advice: '' };
}

export function warning(check: string, detail: string, advice: string): Finding {
  return { check, verdict: 'warning', detail, advice };
}

export function failed(check: string, detail: string, advice: string): Finding {
  return { check, verdict: 'failed', detail, advice };
}

/** The finding of a check; what it throws is a failure. */
export async function attempt(
  check: string,
  advice: string,
  run: () => Promise<Finding>,
): Promise<Finding> {
  try {
    return await run();
  } catch (error) {
    return failed(check, reasonOf(error), advice);
  }
}

function reasonOf(error: unknown): string {
  const { message } = error as { readonly message?: string };
  return message?.split('\n', 1)[0] ?? String(error);
}
