/** Figures as tables tell them: medians over rounds, their spread, and the limit that each stands against. */
import { cpus, loadavg } from 'node:os';

import { median } from '../statistics.mjs';

/** The median of the rounds, least and most in brackets. */
export function spread(values, digits = 2) {
  const [least, middle, most] = [Math.min(...values), median(values), Math.max(...values)];
  return values.length === 1
    ? middle.toFixed(digits)
    : `${middle.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
}

/** What a figure is worth depends on it. */
export function describeMachine() {
  const load = loadavg()[0].toFixed(1);
  return `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model ?? 'processor'}, load ${load} at the start`;
}
