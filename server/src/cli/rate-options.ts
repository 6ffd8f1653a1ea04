import type { Command } from 'commander';

import { given } from './given.ts';
import { parseWhole } from './option-values.ts';

/** Limits that instances and image libraries have alike. */
export interface RateOptions {
  readonly capacity?: number;
  readonly qps?: number;
  readonly addQps?: number;
  readonly deleteQps?: number;
}

export function addRateOptions(command: Command): Command {
  return command
    .option('--capacity <pictures>', 'pictures it may hold', parseWhole)
    .option('--qps <number>', 'searches a second; 0 is unlimited', parseWhole)
    .option('--add-qps <number>', 'adds a second; 0 is unlimited', parseWhole)
    .option('--delete-qps <number>', 'deletes and updates a second; 0 is unlimited', parseWhole);
}

/** Only what was said: the server has its own defaults. */
export function ratesOf({ capacity, qps, addQps, deleteQps }: RateOptions): RateOptions {
  return given({ capacity, qps, addQps, deleteQps });
}

/** The limits, each with what it is called. */
export function tellRates({
  qps,
  addQps,
  deleteQps,
}: Required<RateOptions>): Record<string, string> {
  return {
    'searches a second': formatRate(qps),
    'adds a second': formatRate(addQps),
    'deletes and updates a second': formatRate(deleteQps),
  };
}

function formatRate(perSecond: number): string {
  return perSecond === 0 ? 'unlimited' : String(perSecond);
}
