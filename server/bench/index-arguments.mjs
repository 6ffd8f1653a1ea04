import { parseArgs } from 'node:util';

/** What the benches of one index take: `--rows`, `--dims`, `--workers`, and whatever else one of them does; all as numbers. */
export function readIndexArguments(others = {}) {
  const defaults = { rows: 100_000, dims: 512, workers: 2, ...others };
  const options = Object.entries(defaults).map(([name, value]) => [
    name,
    { type: 'string', default: String(value) },
  ]);
  const { values } = parseArgs({ options: Object.fromEntries(options) });
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
}
