/** Whether somebody keeps the machine's clock: asked of those who would know. */

/** What a program prints; undefined where it is missing or fails. */
export type Ask = (program: string, args: readonly string[]) => Promise<string | undefined>;

/** What chrony says of a clock that it does not keep. */
const UNKEPT = 'Not synchronised';

/**
 * True where the kernel, as systemd tells it, or chrony says so; false where they deny it; undefined where there is nobody to ask, as in a container, whose host may keep the clock.
 */
export async function askClockKeepers(ask: Ask): Promise<boolean | undefined> {
  const kernel = await ask('timedatectl', ['show', '--property=NTPSynchronized', '--value']);
  const isKept = readKernel(kernel);
  if (isKept === true) return true;
  return readChrony(await ask('chronyc', ['-c', '-n', 'tracking'])) ?? isKept;
}

function readKernel(printed = ''): boolean | undefined {
  const word = printed.trim();
  return word === 'yes' || (word === 'no' ? false : undefined);
}

/** The last of the values between commas is the leap status. */
function readChrony(printed = ''): boolean | undefined {
  const status = printed.trim().split(',').at(-1) ?? '';
  return status === '' ? undefined : status !== UNKEPT;
}
