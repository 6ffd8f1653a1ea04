import { expect, test } from '@jest/globals';

import { askClockKeepers } from './clock-keepers.ts';

const TRACKING = 'C0248F82,192.36.143.130,2,1763742400.1,-0.00002,0.00001,0.00003,-4.2,0.0,0.03';

test.each([
  ['nobody is there to ask', {}, undefined],
  ['the kernel is told the time', { timedatectl: 'yes\n' }, true],
  ['the kernel is not', { timedatectl: 'no\n' }, false],
  ['chrony keeps it', { chronyc: `${TRACKING},0.01,0.001,64.2,Normal\n` }, true],
  ['a leap second is near', { chronyc: `${TRACKING},0.01,0.001,64.2,Insert second\n` }, true],
  ['chrony has found nobody yet', { chronyc: '7F7F0101,,0,0.0,0.0,Not synchronised\n' }, false],
  [
    'chrony has, and the kernel was not told yet',
    { timedatectl: 'no\n', chronyc: `${TRACKING},Normal\n` },
    true,
  ],
])('the clock where %s', async (_, printed: Readonly<Record<string, string>>, isKept) => {
  expect(await askClockKeepers(async (program) => printed[program])).toBe(isKept);
});
