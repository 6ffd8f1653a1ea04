import CliTable from 'cli-table3';

/** Text without colours, so that it reads the same in a file. */
const PLAIN_STYLE = { head: [], border: [] };

/** A table with a line for each row. */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const table = new CliTable({ head: [...head], style: PLAIN_STYLE });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

/** A table of one thing: a line for each of its properties. */
export function formatSheet(properties: Readonly<Record<string, string>>): string {
  const table = new CliTable({ style: PLAIN_STYLE });
  table.push(...Object.entries(properties));
  return table.toString();
}
