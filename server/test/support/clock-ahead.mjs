/** Loaded into a server (`node --import`): its clock is CLOCK_AHEAD_MS milliseconds ahead of the machine's. */
const now = Date.now.bind(Date);
const aheadMs = Number(process.env.CLOCK_AHEAD_MS);
Date.now = () => now() + aheadMs;
