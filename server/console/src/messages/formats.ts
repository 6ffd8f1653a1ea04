import { useMemo } from 'react';

import { useLanguage } from './messages.ts';

export interface Formats {
  readonly count: (value: number) => string;
  /** 0–1 as a score is written: two decimals, never rounded up to 1. */
  readonly score: (value: number) => string;
  readonly bytes: (value: number) => string;
  readonly milliseconds: (value: number) => string;
  /** @param tag of BCP 47 */
  readonly language: (tag: string) => string;
  /** @param ms milliseconds since 1970 */
  readonly date: (ms: number) => string;
  /** The time of the day alone. @param ms milliseconds since 1970 */
  readonly clock: (ms: number) => string;
  /** Month and day. @param ms milliseconds since 1970 */
  readonly day: (ms: number) => string;
}

/** As the units' names say: a kilobyte is 1000 bytes. */
const STEP = 1000;
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** How the shown language writes numbers and dates. */
export function useFormats(): Formats {
  const { language } = useLanguage();
  return useMemo(() => createFormats(language), [language]);
}

function createFormats(language: string): Formats {
  const count = new Intl.NumberFormat(language);
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  const clock = new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' });
  const day = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' });
  const languages = new Intl.DisplayNames(language, { type: 'language' });
  const score = new Intl.NumberFormat(language, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    roundingMode: 'floor',
  });
  return {
    count: (value) => count.format(value),
    score: (value) => score.format(value),
    bytes: (value) => formatBytes(value, language),
    milliseconds: (value) =>
      new Intl.NumberFormat(language, {
        style: 'unit',
        unit: 'millisecond',
        maximumFractionDigits: value < 10 ? 1 : 0,
      }).format(value),
    language: (tag) => languages.of(tag) ?? tag,
    date: (ms) => date.format(ms),
    clock: (ms) => clock.format(ms),
    day: (ms) => day.format(ms),
  };
}

function formatBytes(value: number, language: string): string {
  const power = Math.min(
    UNITS.length - 1,
    Math.floor(Math.log10(Math.max(1, value)) / Math.log10(STEP)),
  );
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: UNITS[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: value / STEP ** power < 10 && power > 0 ? 1 : 0,
  }).format(value / STEP ** power);
}
