/** What the command prints, and docs/conformance.md holds. */
import type { RunResult, StepResult } from './scenario-run.ts';
import type { Step } from './scenario.ts';
import type { Way } from './sdks.ts';

/** One SDK driven in one way; `skipped` says why it was not, `broken` how its driver ended. */
export interface Row {
  readonly language: string;
  readonly name: string;
  readonly version: string;
  readonly way?: Way;
  readonly result?: RunResult;
  readonly skipped?: string;
  readonly broken?: string;
}

export interface Facts {
  /** `2026-01-31`. */
  readonly date: string;
  /** Names and versions of what ran the SDKs. */
  readonly tools: readonly string[];
}

const SIGNS = { pass: '✓', fail: '✗', 'n/a': '–' } as const;

/** @returns Markdown */
export function formatTable(rows: readonly Row[], steps: readonly Step[], facts: Facts): string {
  const driven = rows.filter(({ skipped }) => skipped === undefined);
  const skipped = rows.filter(({ skipped }) => skipped !== undefined);
  const blocks = [
    `Date ${facts.date}; ${facts.tools.join(', ')}. ${countsOf(rows)}.`,
    formatRuns(driven),
    formatSteps(driven, steps),
    ...(skipped.length > 0 ? [formatSkipped(skipped)] : []),
    ...formatFaults(driven),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** Whether everything that was driven did what the scenario expects. */
export function isConformant(rows: readonly Row[]): boolean {
  return rows.every((row) => row.broken === undefined && count(row, 'fail') === 0);
}

function countsOf(rows: readonly Row[]): string {
  const total = (verdict: StepResult['verdict']) =>
    rows.reduce((sum, row) => sum + count(row, verdict), 0);
  const broken = rows.filter((row) => row.broken !== undefined).length;
  const skipped = rows.filter((row) => row.skipped !== undefined).length;
  const runs = rows.length - skipped;
  return `${runs} runs: ${total('pass')} steps passed, ${total('fail')} failed, ${total('n/a')} not in the SDK; ${broken} runs broken, ${skipped} skipped`;
}

function count({ result }: Row, verdict: StepResult['verdict']): number {
  return [...(result?.steps.values() ?? [])].filter((step) => step.verdict === verdict).length;
}

function formatRuns(rows: readonly Row[]): string {
  const head = [
    'run',
    'language',
    'package',
    'version',
    'signature',
    'over',
    'pass',
    'fail',
    'n/a',
  ];
  return table(
    head,
    rows.map((row, index) => [
      String(index + 1),
      [row.language, row.way?.style].filter(Boolean).join(', '),
      row.name,
      row.result?.version ?? row.version,
      row.way?.signature ?? '',
      row.way?.protocol ?? '',
      String(count(row, 'pass')),
      row.broken === undefined ? String(count(row, 'fail')) : 'broken',
      String(count(row, 'n/a')),
    ]),
  );
}

function formatSteps(rows: readonly Row[], steps: readonly Step[]): string {
  const head = ['step', 'action', ...rows.map((_row, index) => String(index + 1))];
  return table(
    head,
    steps.map((step) => [
      step.name,
      `${step.action}${step.isAdvance ? 'Advance' : ''}`,
      ...rows.map(({ result }) => {
        const verdict = result?.steps.get(step.name)?.verdict;
        return verdict === undefined ? '' : SIGNS[verdict];
      }),
    ]),
  );
}

function formatSkipped(rows: readonly Row[]): string {
  const lines = rows.map(({ language, name, version, skipped }) => [
    language,
    name,
    version,
    skipped ?? '',
  ]);
  return table(['language', 'package', 'version', 'skipped because'], lines);
}

function formatFaults(rows: readonly Row[]): readonly string[] {
  const lines = rows.flatMap((row, index) => [
    ...(row.broken === undefined ? [] : [`- run ${index + 1}: ${row.broken}`]),
    ...[...(row.result?.steps ?? [])]
      .filter(([, { verdict }]) => verdict === 'fail')
      .map(([name, { detail }]) => `- run ${index + 1}, ${name}: ${detail}`),
  ]);
  return lines.length === 0 ? [] : [lines.join('\n')];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
