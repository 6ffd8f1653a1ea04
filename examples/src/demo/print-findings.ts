import { basename } from 'node:path';

import Table from 'cli-table3';

import type { Finding } from './run-searches.ts';

/** Rows of each table. */
const ROWS = 3;

/** Prints the hits of every search, a table a section. */
export function printFindings(findings: readonly Finding[]): void {
  for (const section of new Set(findings.map(({ search }) => search.section))) {
    const table = new Table({
      head: ['query', 'hit', 'score', 'price', 'colour', 'found, ms'],
      style: { head: [], border: [] },
      wordWrap: true,
    });
    for (const finding of findings)
      if (finding.search.section === section) table.push(...rowsOf(finding));
    console.log(`\n${section}\n${table.toString()}`);
  }
}

function rowsOf(finding: Finding): Table.Table[number][] {
  const { hits, head, milliseconds, search } = finding;
  const shown = hits.slice(0, ROWS);
  const query = { content: describeQuery(finding), rowSpan: Math.max(shown.length, 1) };
  const count = {
    content: `${head.docsFound}, ${milliseconds.toFixed(0)}`,
    rowSpan: Math.max(shown.length, 1),
  };
  if (shown.length === 0) return [[query, 'nothing', '', '', '', count]];
  return shown.map(({ name, picName, productId, score, intAttr, strAttr }, at) => {
    const mark = productId === search.expected ? '✓ ' : '  ';
    const cells = [
      `${mark}${name} (${picName})`,
      score?.toFixed(2) ?? '',
      intAttr === 0 ? '' : String(intAttr),
      strAttr,
    ];
    return at === 0 ? [query, ...cells, count] : cells;
  });
}

function describeQuery({ search: { by, title, fields } }: Finding): string {
  const lines = [title];
  if (by.kind === 'picture') lines.push(basename(by.path));
  if (by.kind === 'text') lines.push(by.text);
  if (fields.region !== undefined) lines.push(`region ${fields.region}`);
  if (fields.filter !== undefined) lines.push(fields.filter);
  return lines.join('\n');
}
